"""The user as triggers see it."""

from toolchain.local.cognito.user import User


def user_attributes(user: User) -> dict[str, str]:
    """Values are strings, booleans too; the status is among them."""
    return {
        "sub": user.sub,
        "cognito:user_status": user.status,
        **{name: value for name, value in user.attributes.items() if name != "sub"},
    }


def metadata(given: dict[str, str] | None) -> dict[str, dict[str, str]]:
    """The client's metadata is absent from the event unless the client sent some."""
    return {"clientMetadata": given} if given else {}
