"""What the OAuth endpoints refuse.

OAuthError          an error of RFC 6749: JSON, or parameters of a redirect
└── PageError       nobody to redirect to: the user sees a page
"""

from toolchain.errors import ToolchainError


class OAuthError(ToolchainError):
    """`code` is the RFC's: invalid_grant, invalid_scope."""

    def __init__(self, code: str, description: str = "") -> None:
        super().__init__(description or code)
        self.code = code
        self.description = description

    def parameters(self) -> dict[str, str]:
        described = {"error_description": self.description} if self.description else {}
        return {"error": self.code, **described}


class PageError(OAuthError):
    """The request names no client, or no page of its to go back to."""
