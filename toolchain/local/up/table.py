"""Where things are, for people: what `up` and `status` print."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from toolchain.local.cognito.app_pages import APP_PAGES
from toolchain.local.cognito.store.inbox import Message
from toolchain.local.up.record import Record
from toolchain.manifest import Function
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.routes import DEFAULT

TABLE_BEGINS = "API "
RUNS_AS_BEFORE = "the functions run as they were declared before"


def describe(record: Record) -> list[str]:
    """The addresses and ids, and the lines for a React app's .env.local."""
    return [
        f"API            {record.api_url}",
        *(f"               {route}" for route in record.routes),
        *describe_deployed(record.deployed),
        f"user pool      {record.user_pool_id}",
        f"app client     {record.client_id}",
        f"region         {record.region}",
        f"AWS endpoint   {record.endpoint_url}  (AWS_ENDPOINT_URL)",
        f"codes          {record.endpoint_url}/_inbox",
        f"sign-in page   {_sign_in_page(record)}",
        f"database       {record.database['DATABASE_HOST']}:{record.database['DATABASE_PORT']}",
        "",
        "for a React app, in .env.local:",
        f"VITE_API_URL={record.api_url}",
        f"VITE_USER_POOL_ID={record.user_pool_id}",
        f"VITE_CLIENT_ID={record.client_id}",
        f"VITE_REGION={record.region}",
        f"VITE_COGNITO_ENDPOINT={record.endpoint_url}",
        *(["", *record.problems, RUNS_AS_BEFORE] if record.problems else []),
    ]


def describe_routes(functions: Iterable[Function]) -> tuple[str, ...]:
    """Who may call what, sorted: `GET /me                  get_me               signed in`."""
    return tuple(
        sorted(
            f"{trigger.route_key:<24} {function.name:<20} {_access(trigger)}"
            for function in functions
            for trigger in function.http
        )
    )


def differences(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What has become of the routes: a line for each that was added, removed or changed.

    >>> differences(["GET /me  get_me  signed in"], ["GET /me  get_me  public"])
    ['changed        GET /me  get_me  public']
    """
    old, new = ({_key(line): line for line in lines} for lines in (before, after))
    return [
        *(f"added          {new[key]}" for key in new if key not in old),
        *(f"removed        {old[key]}" for key in old if key not in new),
        *(f"changed        {new[key]}" for key in new if key in old and new[key] != old[key]),
    ]


def _key(line: str) -> str:
    """The route of a line: `GET /me`, `$default`."""
    words = line.split()
    return words[0] if words[0] == DEFAULT else " ".join(words[:2])


def _access(trigger: HttpTrigger) -> str:
    if trigger.auth is None:
        return "public"
    groups = f", group {' or '.join(trigger.auth.groups)}" if trigger.auth.groups else ""
    return f"signed in{groups}"


def describe_deployed(apis: Mapping[str, str]) -> list[str]:
    """The deployed APIs: `deployed       http://127.0.0.1:8001  shop-dev`."""
    return [f"deployed       {url}  {name}" for url, name in sorted(apis.items(), key=lambda item: item[1])]


def _sign_in_page(record: Record) -> str:
    """Of the hosted UI, for an app that runs on this machine."""
    query = {"client_id": record.client_id, "response_type": "code", "redirect_uri": APP_PAGES[0]}
    return f"{record.endpoint_url}/login?{urlencode(query, safe=':/')}"


def describe_message(message: Message) -> str:
    """`SignUp, to ada@example.com: 123456`; it is what Cognito would send."""
    return f"{message.occasion}, to {message.recipient}: {message.code}"
