"""HTTP endpoints as Lambda functions, behind an HTTP API or a REST API of API Gateway.

    from lib import http

    class Rename(Body):
        name: str = Field(min_length=1)

    @http.endpoint(os.environ, body=Rename)
    def handler(request: http.Request[Rename], database: Database = DATABASE) -> User:
        return rename(database, request.claims.subject, request.body.name)

`query=` and `path=` take models, too: of the query, and of the path's parameters, which become
`request.parameters`. What is returned becomes JSON, what is raised becomes a problem (RFC 9457); who may
call is declared in function.yaml. What not every endpoint needs is not imported here: lib.http.models,
lib.http.pagination for lists, lib.http.cookies.
"""

from lib.http.claims import Claims
from lib.http.endpoint import endpoint
from lib.http.problems import (
    BadRequestError,
    ConflictError,
    ContentTooLargeError,
    ForbiddenError,
    GoneError,
    InternalServerError,
    NotFoundError,
    ProblemError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnauthorizedError,
    UnprocessableContentError,
    UnsupportedMediaTypeError,
    invalid_request,
)
from lib.http.requests import Headers, Request
from lib.http.responses import Response

__all__ = [
    "BadRequestError",
    "Claims",
    "ConflictError",
    "ContentTooLargeError",
    "ForbiddenError",
    "GoneError",
    "Headers",
    "InternalServerError",
    "NotFoundError",
    "ProblemError",
    "Request",
    "Response",
    "ServiceUnavailableError",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableContentError",
    "UnsupportedMediaTypeError",
    "endpoint",
    "invalid_request",
]
