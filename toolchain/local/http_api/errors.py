"""What an HTTP API answers itself, without or instead of a function's answer.

    GatewayError                       {"message": ...}
    ├── BadRequestError                400  Bad Request
    ├── UnauthorizedError              401  Unauthorized, with www-authenticate
    ├── ForbiddenError                 403  Forbidden, with www-authenticate
    ├── NotFoundError                  404  Not Found: no route takes the request
    ├── ContentTooLargeError           413  Request Entity Too Large
    ├── HeadersTooLargeError           431  Request Header Fields Too Large
    ├── InternalServerError            500  Internal Server Error: the function failed, or answered nonsense
    └── ServiceUnavailableError        503  Service Unavailable: no answer within 30 seconds

An error's text is for the access log; clients only ever see the message above.

404: http-api-develop-routes. 401: http-api-troubleshooting-jwt. 413, 500: aws-lambda-dotnet's
LambdaTestTool-v2, which was written beside the real service. 403, 503: aws-facts.md. 400, 431: [U].
"""

from typing import ClassVar

from toolchain.local.http_api.answers import Answer, json_message


class GatewayError(Exception):
    """A request gets no further."""

    status: ClassVar[int]
    message: ClassVar[str]

    def answer(self) -> Answer:
        return json_message(self.status, self.message)


class BadRequestError(GatewayError):
    """The request cannot be read."""

    status = 400
    message = "Bad Request"


class _ChallengeError(GatewayError):
    """`challenge` is the value of www-authenticate (RFC 6750, 3)."""

    def __init__(self, reason: str, challenge: str) -> None:
        super().__init__(reason)
        self.challenge = challenge

    def answer(self) -> Answer:
        return json_message(
            self.status, self.message, (b"www-authenticate", self.challenge.encode("ascii", "replace"))
        )


class UnauthorizedError(_ChallengeError):
    """The caller shows no token, or one that is not good."""

    status = 401
    message = "Unauthorized"


class ForbiddenError(_ChallengeError):
    """The token is good, and has none of the scopes that the route asks for."""

    status = 403
    message = "Forbidden"


class NotFoundError(GatewayError):
    """No route takes the request."""

    status = 404
    message = "Not Found"


class ContentTooLargeError(GatewayError):
    """The body is larger than the API, or Lambda, takes."""

    status = 413
    message = "Request Entity Too Large"


class HeadersTooLargeError(GatewayError):
    """Request line and headers are longer than the API takes."""

    status = 431
    message = "Request Header Fields Too Large"


class InternalServerError(GatewayError):
    """The function was not reached, failed, or answered what is no answer."""

    status = 500
    message = "Internal Server Error"


class ServiceUnavailableError(GatewayError):
    """The function has not answered in time."""

    status = 503
    message = "Service Unavailable"
