"""Downloads one file, with ~/.netrc's credentials and the environment's proxies and certificates."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TIMEOUT_SECONDS = 60
_CHUNK_BYTES = 1 << 20


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
            with session.get(url, stream=True, timeout=_TIMEOUT_SECONDS) as response:
                response.raise_for_status()
                with to.open("wb") as file:
                    for chunk in response.iter_content(_CHUNK_BYTES):
                        file.write(chunk)
        except requests.HTTPError as error:
            return f"{error.response.status_code} {error.response.reason}"
        except requests.RequestException as error:
            return type(error).__name__
    return None
