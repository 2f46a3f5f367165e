"""Which problem a client is told of, for each error of the domain that an endpoint may meet."""

from lib import http, users
from lib.database import DatabaseUnavailable

_RETRY_AFTER_SECONDS = 2


def problem_of(error: Exception) -> http.ProblemError | None:
    """The problem; None for an error that only the log is told of.

    A user marked deleted is gone rather than not found: the token is still good, and a client has to tell
    the user that the account was deleted from a mistake in its own URL.
    """
    match error:
        case DatabaseUnavailable():
            return http.ServiceUnavailableError(
                "The database can't be reached.", retry_after_seconds=_RETRY_AFTER_SECONDS
            )
        case users.UserDeletedError():
            return http.GoneError("This account was deleted.", type="urn:problem-type:account-deleted")
        case users.UserNotFoundError():
            return http.NotFoundError("There is no such user.")
        case users.InvalidCursorError():
            return http.BadRequestError("The cursor is not one that this list gave.")
        case users.InvalidUserError():
            errors = [{"detail": str(each), "pointer": f"#/{each.field}"} for each in error.problems]
            return http.invalid_request(errors, in_body=True)
    return None
