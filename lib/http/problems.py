"""The errors a client is told of, as RFC 9457 problem details (application/problem+json).

    ProblemError                      any of them; raised by lib.http and by handlers
    ├── BadRequestError               400  the request can't be read
    ├── UnauthorizedError             401  nobody is signed in
    ├── ForbiddenError                403  somebody is, who may not do this
    ├── NotFoundError                 404  there is no such thing
    ├── ConflictError                 409  it contradicts what is there
    ├── GoneError                     410  it was there, and will not come back
    ├── ContentTooLargeError          413  the body is too large
    ├── UnsupportedMediaTypeError     415  the body is not of a type this route reads
    ├── UnprocessableContentError     422  the body can be read, and breaks a rule
    ├── TooManyRequestsError          429  slow down
    ├── InternalServerError           500  our fault; details are in the log only
    └── ServiceUnavailableError       503  our fault, and likely to pass

`detail` is shown to the client: it never holds a value the client sent, nor the text of another error.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from lib.http.responses import Response

_MEDIA_TYPE = "application/problem+json"
_MAX_ERRORS = 100


class ProblemError(Exception):
    """An answer with a problem in it.

    `type` is a URI when clients have to tell this problem from others of the same status; `members`
    are added to the problem (RFC 9457, 3.2) and `headers` to the answer.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(
        self,
        detail: str | None = None,
        *,
        type: str = "about:blank",  # noqa: A002 - the member's name in RFC 9457
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.type = type
        self.members = members or {}
        self.headers = headers or {}

    def response(self, request_id: str) -> Response:
        """The answer; `instance` is the id of the request, which the logs have too."""
        problem = {"type": self.type, "title": self.title, "status": self.status}
        if self.detail is not None:
            problem["detail"] = self.detail
        return Response(
            {**problem, "instance": request_id, **self.members},
            status=self.status,
            headers={"content-type": _MEDIA_TYPE, **self.headers},
        )


class BadRequestError(ProblemError):
    """The request can't be read."""

    status = 400
    title = "Bad Request"


class UnauthorizedError(ProblemError):
    """Nobody is signed in."""

    status = 401
    title = "Unauthorized"

    def __init__(self, detail: str | None = None) -> None:
        # RFC 9110, 11.6.1: a 401 says how to authenticate.
        super().__init__(detail, headers={"www-authenticate": "Bearer"})


class ForbiddenError(ProblemError):
    """Somebody is signed in who may not do this."""

    status = 403
    title = "Forbidden"


class NotFoundError(ProblemError):
    """There is no such thing."""

    status = 404
    title = "Not Found"


class ConflictError(ProblemError):
    """The request contradicts what is there."""

    status = 409
    title = "Conflict"


class GoneError(ProblemError):
    """What was there has gone, and will not come back."""

    status = 410
    title = "Gone"


class ContentTooLargeError(ProblemError):
    """The body is too large."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaTypeError(ProblemError):
    """The body is not of a type this route reads."""

    status = 415
    title = "Unsupported Media Type"


class UnprocessableContentError(ProblemError):
    """The body can be read, and breaks a rule."""

    status = 422
    title = "Unprocessable Content"


class TooManyRequestsError(ProblemError):
    """The client has to slow down."""

    status = 429
    title = "Too Many Requests"

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after_seconds)})


class InternalServerError(ProblemError):
    """Our fault; the client learns the request id, and nothing else."""


class ServiceUnavailableError(ProblemError):
    """Our fault, and likely to pass."""

    status = 503
    title = "Service Unavailable"

    def __init__(self, detail: str | None = None, *, retry_after_seconds: int) -> None:
        super().__init__(detail, headers={"retry-after": str(retry_after_seconds)})


def invalid_request(errors: Sequence[Mapping[str, str]], *, in_body: bool) -> ProblemError:
    """The problem for values that break rules: 422 if some are in the body, else 400.

    422 speaks of the content of a request (RFC 9110, 15.5.21). `errors` is as in RFC 9457, 3: each has a
    `detail`, and a `pointer` into the body or the name of a `parameter`.
    """
    kind = UnprocessableContentError if in_body else BadRequestError
    detail = f"{len(errors)} of the values can't be accepted." if len(errors) > 1 else errors[0]["detail"]
    shown = list(errors[:_MAX_ERRORS])
    return kind(detail, type="urn:problem-type:invalid-request", members={"errors": shown})
