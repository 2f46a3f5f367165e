"""Routes of the HTTP API, each with who may call it."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, GetPydanticSchema, Tag, model_validator
from pydantic_core import core_schema

from toolchain.manifest import routes
from toolchain.manifest.fields import TAG, ListOf, Model, hint

type Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"]

SIGN_IN_SCOPE = "aws.cognito.signin.user.admin"
AUTH_HINT = "use none (public), jwt, or jwt: {scopes: [], groups: []}"


type Scope = Annotated[
    str,
    Field(pattern=r"^[\x21\x23-\x5B\x5D-\x7E]+$", json_schema_extra=hint("use a scope, such as things/read")),
]
type Group = Annotated[
    str,
    Field(
        pattern=r"^\S{1,128}$", json_schema_extra=hint("use a group's name: up to 128 characters, no spaces")
    ),
]


class Jwt(Model):
    """Callers show an access token of the user pool."""

    scopes: ListOf[Scope] = Field(
        default=(SIGN_IN_SCOPE,),
        min_length=1,
        description="The token must have one of these.",
        # An ID token has no scopes; an authorizer that asks for none lets it pass as an access token.
        json_schema_extra=hint(
            f"use at least one, such as {SIGN_IN_SCOPE}; without one, ID tokens are accepted"
        ),
    )
    groups: ListOf[Group] = Field(
        default=(), description="The user must be in one of these groups; empty: any signed-in user."
    )


class JwtItem(Model):
    """`auth: {jwt: {...}}`."""

    jwt: Jwt = Field(description="Signed-in users, with these scopes and groups.")


def _form(value: object) -> str:
    return f"{TAG}mapping" if isinstance(value, dict) else f"{TAG}word"


def _read(written: str | JwtItem) -> Jwt | None:
    if isinstance(written, JwtItem):
        return written.jwt
    return Jwt() if written == "jwt" else None


type Auth = Annotated[
    Annotated[Literal["none", "jwt"], Tag(f"{TAG}word")] | Annotated[JwtItem, Tag(f"{TAG}mapping")],
    Discriminator(_form),
]
_AuthAsWritten = GetPydanticSchema(
    lambda _source, handler: core_schema.no_info_after_validator_function(_read, handler(Auth))
)


class HttpTrigger(Model):
    """A route of the HTTP API: requests with this method and path call the function."""

    kind: ClassVar[Literal["http"]] = "http"

    method: Method = Field(description="The HTTP method; ANY is every method no other route of the path has.")
    path: Annotated[str, AfterValidator(routes.check_path)] = Field(
        description="/users/{id}, /files/{proxy+} (all the rest of the path), or $default (all else).",
        examples=["/users", "/users/{id}", "/files/{proxy+}"],
        json_schema_extra=hint("use a path such as /users/{id}, or $default", pattern=routes.PATTERN),
    )
    auth: Annotated[Jwt | None, _AuthAsWritten] = Field(
        description="Who may call it: none (everybody), jwt (signed-in users), jwt with scopes and groups.",
        json_schema_extra=hint(AUTH_HINT),
    )
    payload_format_version: Literal["2.0", "1.0"] = Field(
        default="2.0", description="The event's format. 1.0 is that of REST APIs."
    )

    @model_validator(mode="after")
    def _check_default(self) -> Self:
        if self.path == routes.DEFAULT and self.method != "ANY":
            raise ValueError(f"method is {self.method!r}; the path $default takes ANY")
        return self

    @property
    def route_key(self) -> str:
        """API Gateway's name for the route: `GET /users/{id}`, `$default`."""
        return self.path if self.path == routes.DEFAULT else f"{self.method} {self.path}"
