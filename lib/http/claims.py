"""Who is signed in: the claims that API Gateway's authorizer verified.

They come from `requestContext.authorizer` and from nowhere else; a header can be sent by anyone.
"""

from collections.abc import Iterator, Mapping
from typing import Any


class Claims(Mapping[str, object]):
    """Verified claims, as the authorizer gives them: an HTTP API turns every value into a string.

    An access token has `sub`, `username`, `client_id`, `scope` and `cognito:groups`, but no `email`
    (COG: amazon-cognito-user-pools-using-the-access-token).
    """

    def __init__(self, by_name: Mapping[str, object], groups: frozenset[str] = frozenset()) -> None:
        self._by_name = by_name
        self.groups = groups

    def __getitem__(self, name: str) -> object:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    @property
    def subject(self) -> str:
        """The user's id in the pool (`sub`): unique, and never given to another user."""
        return str(self._by_name["sub"])


def parse_claims(event: Mapping[str, Any]) -> Claims | None:
    """The claims of an event of API Gateway, or None when nobody is signed in.

    HTTP APIs put them under `authorizer.jwt` in format 2.0; under `authorizer` in 1.0, as REST APIs do.
    """
    authorizer = event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or authorizer).get("claims")
    # A Lambda authorizer may put a text of its own under `claims`; that is nobody's identity.
    if not isinstance(claims, Mapping) or not claims.get("sub"):
        return None
    return Claims(claims, _parse_groups(claims.get("cognito:groups"), is_http_api="version" in event))


def _parse_groups(claim: object, *, is_http_api: bool) -> frozenset[str]:
    """The groups of a token as the API renders them: `[a b]` by an HTTP API, `a,b` by a REST API.

    The two are told apart by the API and never by the text: a group may be named `x,admins`, and
    a name has no space in it (CreateGroup: GroupName). Anything else gives no group.
    """
    if isinstance(claim, list):
        return frozenset(name for name in claim if isinstance(name, str))
    if not isinstance(claim, str):
        return frozenset()
    if not is_http_api:
        return frozenset(filter(None, claim.split(",")))
    if claim.startswith("[") and claim.endswith("]"):
        return frozenset(claim[1:-1].split())
    return frozenset()
