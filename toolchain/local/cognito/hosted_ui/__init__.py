"""OAuth 2.0 and the sign-in page."""

from dataclasses import dataclass

from toolchain.local.aws.messages import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class HostedUi:
    """Answers the paths of a pool's domain."""

    def __call__(self, request: HttpRequest) -> HttpResponse | None:
        """The answer, or None for a path that is none of its own."""
        del request
        return None
