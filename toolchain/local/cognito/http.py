"""Cognito over HTTP: the API's JSON protocol, public keys, and the inbox."""

import json
import logging
from dataclasses import dataclass
from uuid import uuid4

from toolchain.local.aws.messages import Handler, Header, HttpRequest, HttpResponse, json_response
from toolchain.local.cognito.errors import CognitoError, SerializationError
from toolchain.local.cognito.hosted_ui import HostedUi
from toolchain.local.cognito.openid import openid_configuration
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.service import Cognito

_logger = logging.getLogger(__name__)

_TARGET = "AWSCognitoIdentityProviderService."
_JSON = "application/x-amz-json-1.1"
_READING = ("Describe", "Get", "List")
_EVERYBODY = ("access-control-allow-origin", "*")


@dataclass(frozen=True, slots=True)
class CognitoHandler:
    """Answers what is Cognito's; passes the rest on, and keeps what moto changes in pools."""

    cognito: Cognito
    hosted_ui: HostedUi
    following: Handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS" and not request.is_signed and _is_preflight(request):
            return _allow(request)
        target = request.header("x-amz-target")
        if target.startswith(_TARGET):
            return self._answer_operation(request, target.removeprefix(_TARGET))
        if not request.is_signed:
            response = self._answer_page(request)
            if response is not None:
                return response
        return self.following(request)

    def _answer_operation(self, request: HttpRequest, name: str) -> HttpResponse:
        operation = self.cognito.operations.get(name)
        if operation is None:
            return self._pass_on(request, name)
        try:
            answer = operation(_parse(request.body))
        except CognitoError as error:
            return _error(400, error.code, error.message)
        except Exception:  # the boundary of the service: the client gets AWS's answer, the log the reason
            _logger.exception("Cognito's %s failed", name)
            return _error(500, "InternalErrorException", "the local Cognito failed; see its log")
        return _with_request_id(json_response(answer, media_type=_JSON))

    def _pass_on(self, request: HttpRequest, name: str) -> HttpResponse:
        response = self.following(request)
        if response.status == 200 and not name.startswith(_READING):
            self.cognito.services.pools.save()
        return response

    def _answer_page(self, request: HttpRequest) -> HttpResponse | None:
        """Pages and documents that need no signature."""
        first, _, rest = request.path.strip("/").partition("/")
        match rest:
            case ".well-known/jwks.json":
                return self._public_document(first, self.cognito.services.key.public_keys())
            case ".well-known/openid-configuration":
                return self._public_document(first, None, request.origin)
        if first == "_inbox" and not rest:
            recipient = request.parameters.get("to")
            # Other origins may not read it: any page that is open in the browser could take codes.
            return json_response(self.cognito.services.inbox.read(recipient))
        return self.hosted_ui(request)

    def _public_document(self, pool_id: str, document: Document | None, origin: str = "") -> HttpResponse:
        try:
            pool = self.cognito.services.pools.by_id(pool_id)
        except CognitoError as error:
            return json_response({"message": error.message}, 400).with_headers(_EVERYBODY)
        value = openid_configuration(pool, origin) if document is None else document
        return json_response(value).with_headers(_EVERYBODY)


def _parse(body: bytes) -> Request:
    """Raises SerializationError.

    Also for half a surrogate pair (U+D800), which no UTF-8 can have: what AWS says to it is unverified. [U]
    """
    try:
        members = json.loads(body or b"{}")
        json.dumps(members, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise SerializationError("The request is not Unicode") from error
    except (ValueError, RecursionError) as error:
        raise SerializationError("The request is not JSON") from error
    if not isinstance(members, dict):
        raise SerializationError("The request is not a structure")
    return Request(members)


def _error(status: int, code: str, message: str) -> HttpResponse:
    document = {"__type": code, "message": message}
    details = (("x-amzn-errortype", f"{code}:"), ("x-amzn-errormessage", _header_text(message)))
    response = json_response(document, status, media_type=_JSON)
    return _with_request_id(response.with_headers(*details))


def _header_text(message: str) -> str:
    """Headers are one line of Latin-1."""
    return " ".join(message.encode("latin1", errors="replace").decode("latin1").split())


def _with_request_id(response: HttpResponse) -> HttpResponse:
    exposed = ("access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
    return response.with_headers(("x-amzn-requestid", str(uuid4())), _EVERYBODY, exposed)


def _is_preflight(request: HttpRequest) -> bool:
    """A browser's question before it calls Cognito from another origin (S3's are moto's to answer)."""
    wanted = request.header("access-control-request-headers").lower()
    is_operation = request.path == "/" and "x-amz-target" in wanted
    is_page = request.path.startswith("/oauth2/") or "/.well-known/" in request.path
    return bool(request.header("access-control-request-method")) and (is_operation or is_page)


def _allow(request: HttpRequest) -> HttpResponse:
    headers: tuple[Header, ...] = (
        _EVERYBODY,
        ("access-control-allow-headers", request.header("access-control-request-headers") or "*"),
        ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("access-control-max-age", "172800"),
    )
    return HttpResponse(200, headers)
