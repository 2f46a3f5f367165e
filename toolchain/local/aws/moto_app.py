"""moto, in this process: the control planes of the local cloud.

moto's state is the process's: two endpoints in one process share it.
"""

import io
import logging
from types import TracebackType
from typing import Any

from moto.core.config import default_user_config
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from toolchain.local.aws.fidelity import Corrections, correct_moto
from toolchain.local.aws.messages import HttpRequest, HttpResponse
from toolchain.local.aws.refusals import FAILED, NOT_SUPPORTED, action_of, refuse, service_of

_logger = logging.getLogger(__name__)

type _ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType]


class MotoApp:
    """Answers every request; what moto does not have, or fails at, is a 400 that says so."""

    def __init__(self, corrections: Corrections) -> None:
        prepare_moto(corrections)
        self._app = DomainDispatcherApplication(create_backend_app)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _failure: _ExceptionInfo | None = None
        ) -> None:
            started.append((status, headers))

        name = f"{service_of(request) or 'this service'}: {action_of(request)}"
        try:
            chunks = self._app(_environ(request), start_response)
            body = b"".join(chunks)
        except NotImplementedError:
            return refuse(request, NOT_SUPPORTED, f"{name} is not supported locally")
        except Exception as error:  # the boundary to somebody else's code: any error is an answer
            _logger.exception("moto failed at %s", name)
            return refuse(request, FAILED, f"{name} failed locally: {error!r}")
        if not started:
            return refuse(request, FAILED, f"{name} failed locally: no answer")
        response = HttpResponse(int(started[-1][0].split(" ", 1)[0]), _response_headers(started[-1][1]), body)
        if _is_page_of_flask(response):
            return refuse(request, NOT_SUPPORTED, f"{name} is not supported locally")
        return response


def prepare_moto(corrections: Corrections) -> None:
    """Configure and correct moto, before anything of its state is there."""
    default_user_config["lambda"]["use_docker"] = False
    default_user_config["batch"]["use_docker"] = False
    # The AWS provider attaches AWS's managed policies by their ARNs.
    default_user_config["iam"]["load_aws_managed_policies"] = True
    correct_moto(corrections)


def _is_page_of_flask(response: HttpResponse) -> bool:
    """Whether no route was found: AWS's own errors are never HTML.

    By the page itself: moto's answer to HEAD for an object that is not there has that content type too.
    """
    return response.status in (404, 405) and response.body.lstrip().lower().startswith(b"<!doctype html")


def _response_headers(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Without those of the connection: they are the server's."""
    return tuple(
        (name.lower(), value)
        for name, value in headers
        if name.lower() not in ("connection", "transfer-encoding", "status")
    )


def _environ(request: HttpRequest) -> dict[str, Any]:
    """PEP 3333, and RAW_URI: moto matches paths as they came, before percent-decoding."""
    preserved: dict[str, str] = {}
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode().decode("latin1"),
        "QUERY_STRING": request.query,
        "RAW_URI": f"{request.raw_path or request.path}{'?' if request.query else ''}{request.query}",
        "SERVER_NAME": request.server[0],
        "SERVER_PORT": str(request.server[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.client[0],
        "REMOTE_PORT": str(request.client[1]),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        PRESERVED_HEADER_NAMES_ENVIRON_KEY: preserved,
    }
    for name, value in request.headers:
        key = environ_key_for_header(name)
        if key == "CONTENT_LENGTH":
            continue
        if should_preserve_original_header_name(name):
            preserved.setdefault(key, name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
