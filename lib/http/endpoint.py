"""`@endpoint`: makes a Lambda handler of a function from a request to an answer."""

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Concatenate, Protocol

from lib.context import LambdaContext
from lib.http.access import check_access, parse_route_groups
from lib.http.gateway import Event, parse_request, payload_format
from lib.http.problems import InternalServerError, ProblemError
from lib.http.requests import Request
from lib.http.responses import Response, as_response, render
from lib.logging import logged, logger

if TYPE_CHECKING:
    from pydantic import BaseModel

type Handler[**P] = Callable[Concatenate[Event, LambdaContext, P], dict[str, Any]]
type Translation = Callable[[Exception], ProblemError | None]
type _Step = Callable[[Request[Any, Any, Any]], Request[Any, Any, Any]]

MAX_BODY_BYTES = 1_048_576


def _no_problem(_: Exception) -> None:
    """Translates no error: all are internal."""


class _Decorator[Body, Query, Path](Protocol):
    def __call__[**P](
        self, function: Callable[Concatenate[Request[Body, Query, Path], P], object], /
    ) -> Handler[P]: ...


def endpoint[  # noqa: PLR0913 - all but the first are keywords, and few are given
    Body: BaseModel | None = None,
    Query: BaseModel | None = None,
    Path: BaseModel | None = None,
](
    environ: Mapping[str, str],
    *,
    body: type[Body] | None = None,
    query: type[Query] | None = None,
    path: type[Path] | None = None,
    problems: Translation = _no_problem,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> _Decorator[Body, Query, Path]:
    """Make a handler of a function that takes a Request and returns a Response or what it is made of.

        @endpoint(os.environ, body=Rename)
        def handler(request: Request[Rename], database: Database = DATABASE) -> User: ...

        handler(event, context)                 # as Lambda calls it
        handler(event, context, database=fake)  # as a test does

    The request has been checked before the function sees it: who sent it (lib.http.access, with
    HTTP_ROUTE_GROUPS of `environ`), and its body, query and path
    parameters against pydantic models.

    Whatever the function raises becomes an answer: a ProblemError as it is, other errors as `problems`
    translates them; the rest is 500 to the client, and a traceback in the log. The handler itself
    raises NotAnHttpEventError only.
    """
    validated = _validation(body, query, path, max_body_bytes)

    def decorate[**P](function: Callable[Concatenate[Request[Body, Query, Path], P], object]) -> Handler[P]:
        @logged
        @functools.wraps(function)
        def handler(event: Event, _: LambdaContext, /, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
            def respond() -> Response:
                request = parse_request(event)
                check_access(request, parse_route_groups(environ))
                return as_response(function(validated(request), *args, **kwargs))

            return _answer(event, respond, problems)

        return handler

    return decorate


def _validation(
    body: type[Any] | None, query: type[Any] | None, path: type[Any] | None, max_body_bytes: int
) -> _Step:
    if body is None and query is None and path is None:
        return lambda request: request
    # Here, and not above: it imports pydantic, which endpoints without a model do without.
    from lib.http.validation import validate

    return functools.partial(validate, body=body, query=query, path=path, max_body_bytes=max_body_bytes)


def _answer(event: Event, respond: Callable[[], Response], problems: Translation) -> dict[str, Any]:
    """The answer to an event: what `respond` gives, or the problem that it met."""
    answer_format, request_id = payload_format(event), event["requestContext"]["requestId"]
    logger.append_keys(api_request_id=request_id)
    try:
        answer = render(respond(), answer_format)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever happened, the client gets an answer
        answer = render(_problem(error, problems).response(request_id), answer_format)
    logger.info("answered", status=answer["statusCode"])
    return answer


def _problem(error: Exception, problems: Translation) -> ProblemError:
    """What to tell the client of an error. What is our fault is logged, with its traceback."""
    problem = error if isinstance(error, ProblemError) else problems(error) or InternalServerError()
    if problem.status >= 500:
        logger.error(problem.title, exc_info=error)
    return problem
