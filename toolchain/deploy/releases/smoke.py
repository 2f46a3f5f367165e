"""Tests a released API over HTTP, as its users reach it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from toolchain.deploy.releases.record import Probe
from toolchain.errors import ReleaseError

_AT_ONCE = 8
_UNAUTHORIZED = 401
# A new API's name is not known everywhere at once, and an alias that has moved takes a moment to be.
_CONNECT_SECONDS = 30.0
_ANSWERS = 3
_STEP_SECONDS = 0.5

type Request = Callable[[str, str], int]
"""Sends a request, method and URL, and gives the status; raises OSError when there is no answer."""


def smoke_test(
    api_url: str, probes: Sequence[Probe], request: Request, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Send all probes. Raises ReleaseError with what was not answered as it should be."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda probe: _probe(api_url, probe, request, sleep), probes)
        problems = [problem for problem in found if problem]
    if problems:
        raise ReleaseError(problems)


def send(method: str, url: str) -> int:
    """Request over HTTP, without a token; redirects are answers, too."""
    import requests

    try:
        answer = requests.request(method, url, timeout=35, allow_redirects=False)
    except requests.RequestException as error:
        raise OSError(str(error)) from error
    return answer.status_code


def _probe(api_url: str, probe: Probe, request: Request, sleep: Callable[[float], None]) -> str | None:
    """What is wrong, if it stays wrong."""
    url = f"{api_url}{probe.path}{f'?{probe.query}' if probe.query else ''}"
    answers = 0
    waited = 0.0
    while True:
        try:
            status = request(probe.method, url)
            answers += 1
            problem = _judge(probe, status)
        except OSError as error:
            problem = f"no answer: {error}"
        if problem is None:
            return None
        if answers >= _ANSWERS or waited >= _CONNECT_SECONDS:
            return f"{probe.method} {url}: {problem}"
        sleep(_STEP_SECONDS)
        waited += _STEP_SECONDS


def _judge(probe: Probe, status: int) -> str | None:
    if probe.is_public:
        return None if status < 400 else f"answered {status}"
    if status == _UNAUTHORIZED:
        return None
    return f"answered {status} without a token, and not {_UNAUTHORIZED}: is it protected?"
