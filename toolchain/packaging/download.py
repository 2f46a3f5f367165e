"""Downloads one file, with credentials of uv's indexes or ~/.netrc, and the environment's proxies."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

_TIMEOUT_SECONDS = 60
_CHUNK_BYTES = 1 << 20
_INDEX_VARIABLES = ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL")
_NAMED_INDEX = re.compile(r"(?:(?P<name>[A-Za-z0-9._-]+)=)?(?P<address>\w+://.+)")


def download(url: str, to: Path) -> str | None:
    """Write the file; returns why it could not be had, or None."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        try:
            to.write_bytes(Path(unquote(parts.path)).read_bytes())
        except OSError as error:
            return error.strerror
        return None
    return _download_http(url, to)


def _download_http(url: str, to: Path) -> str | None:
    import requests  # 100 ms, and only a wheel that was never met needs it
    from requests.adapters import HTTPAdapter

    with requests.Session() as session:
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
        session.mount("https://", HTTPAdapter(max_retries=3))
        try:
            login = credentials(url, os.environ)
            with session.get(url, stream=True, timeout=_TIMEOUT_SECONDS, auth=login) as response:
                response.raise_for_status()
                with to.open("wb") as file:
                    for chunk in response.iter_content(_CHUNK_BYTES):
                        file.write(chunk)
        except requests.HTTPError as error:
            return f"{error.response.status_code} {error.response.reason}"
        except requests.RequestException as error:
            return type(error).__name__
    return None


def credentials(url: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """User and password for a file, if an index in uv's variables is on the same server and has them.

    uv knows them from an index's address, or from UV_INDEX_<NAME>_USERNAME and _PASSWORD
    (https://docs.astral.sh/uv/concepts/indexes/), and leaves them out of the addresses it finds there.
    """
    wanted = urlsplit(url)
    for name, index in _indexes(environ):
        if (index.scheme, index.hostname, index.port) == (wanted.scheme, wanted.hostname, wanted.port):
            prefix = "UV_INDEX_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
            user = environ.get(f"{prefix}_USERNAME") or unquote(index.username or "")
            password = environ.get(f"{prefix}_PASSWORD") or unquote(index.password or "")
            if user or password:
                return user, password
    return None


def _indexes(environ: Mapping[str, str]) -> Iterator[tuple[str, SplitResult]]:
    """`https://a.example/simple company=https://b.example/simple` as names and addresses."""
    for variable in _INDEX_VARIABLES:
        for index in environ.get(variable, "").split():
            if match := _NAMED_INDEX.fullmatch(index):
                yield match["name"] or "", urlsplit(match["address"])
