"""Showing a form, and taking what was filled in."""

from urllib.parse import urlencode

from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.cognito.client_secret import secret_hash
from toolchain.local.cognito.errors import CognitoError
from toolchain.local.cognito.hosted_ui.browser import form_token, is_own_form
from toolchain.local.cognito.hosted_ui.pages import Form, form_page, html_response
from toolchain.local.cognito.pool import Client
from toolchain.local.cognito.request import Request


class ExpiredFormError(CognitoError):
    """Not sent from our own page, as far as its cookie tells."""

    code = "ExpiredForm"

    def __init__(self) -> None:
        super().__init__("The form has expired; please try again.")


def show(request: HttpRequest, form: Form, problem: str = "") -> HttpResponse:
    """The page, with a token that comes back with the form only from this browser."""
    token, cookie = form_token()
    query = urlencode(dict(request.parameters))
    return html_response(form_page(form, query, token, problem)).with_headers(cookie)


def check_form(request: HttpRequest) -> None:
    """Raise ExpiredFormError for the form of another site."""
    if not is_own_form(request):
        raise ExpiredFormError


def as_request(client: Client, username: str, **members: object) -> Request:
    """What an app would send to the API for a user. The pages are Cognito's own: they know the secret."""
    signed = {"SecretHash": secret_hash(client.secret, client.id, username)} if client.secret else {}
    return Request({"ClientId": client.id, "Username": username, **signed, **members})
