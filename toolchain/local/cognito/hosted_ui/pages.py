"""The pages: one form, and one that says what went wrong."""

from html import escape
from urllib.parse import urlencode

from toolchain.local.aws.messages import Header, HttpResponse

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box }
input, button { font: inherit; padding: .5rem; margin: .25rem 0 1rem }
[role=alert] { color: #b00020 }
"""
_SAFE: tuple[Header, ...] = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
)


def sign_in_page(parameters: dict[str, str], token: str, problem: str = "", login: str = "") -> str:
    """The form; it is sent to /login with the parameters of the authorization request."""
    alert = f"<p role=alert>{escape(problem)}</p>" if problem else ""
    return _page(
        "Sign in",
        f"""<h1>Sign in</h1>{alert}
<form method=post action="/login?{escape(urlencode(parameters))}">
<input type=hidden name=_csrf value="{escape(token)}">
<label for=username>Username or e-mail</label>
<input id=username name=username autocomplete=username required value="{escape(login)}">
<label for=password>Password</label>
<input id=password name=password type=password autocomplete=current-password required>
<button name=signInSubmitButton>Sign in</button>
</form>""",
    )


def error_page(message: str) -> HttpResponse:
    text = f"<h1>An error was encountered with the requested page.</h1><p role=alert>{escape(message)}</p>"
    return html_response(_page("Error", text), 400)


def html_response(page: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, _SAFE, page.encode())


def redirect(location: str) -> HttpResponse:
    return HttpResponse(302, (("location", location),))


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style>{content}</html>"
    )
