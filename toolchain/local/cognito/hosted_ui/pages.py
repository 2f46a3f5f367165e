"""The pages: forms, and one that says what went wrong."""

from dataclasses import dataclass
from html import escape

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


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form. One without a label is not shown, and `value` is what it sends."""

    name: str
    label: str = ""
    value: str = ""
    kind: str = "text"
    autocomplete: str = "off"

    def html(self) -> str:
        name, value = escape(self.name), escape(self.value)
        if not self.label:
            return f'<input type=hidden name={name} value="{value}">'
        return (
            f'<label for="{name}">{escape(self.label)}</label><input id="{name}" name="{name}" required'
            f' type={self.kind} autocomplete={self.autocomplete} value="{value}">'
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A page with a form, which is sent to `path`; `links` are texts, and the paths of other forms."""

    path: str
    title: str
    button: str
    fields: tuple[Field, ...]
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()


def form_page(form: Form, query: str, token: str, problem: str = "") -> str:
    """The page; the parameters of the authorization request, in `query`, go along with all it leads to."""
    alert = f"<p role=alert>{escape(problem)}</p>" if problem else ""
    text = f"<p role=status>{escape(form.text)}</p>" if form.text else ""
    fields = "\n".join(field.html() for field in form.fields)
    links = "".join(
        f'<p><a href="{path}?{escape(query)}">{escape(label)}</a></p>' for label, path in form.links
    )
    return _page(
        form.title,
        f"""<h1>{escape(form.title)}</h1>{text}{alert}
<form method=post action="{form.path}?{escape(query)}">
<input type=hidden name=_csrf value="{escape(token)}">
{fields}
<button>{escape(form.button)}</button>
</form>{links}""",
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
        f"<title>{escape(title)}</title><style>{_STYLE}</style>{content}</html>"
    )
