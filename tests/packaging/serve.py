"""Serves a directory on a free port of this machine: `python serve.py DIRECTORY [USER:PASSWORD]`."""

import base64
import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Handler(SimpleHTTPRequestHandler):
    """Files; with a login, for those who give it."""

    login = ""

    def do_GET(self) -> None:
        expected = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        if self.login and self.headers.get("Authorization") != expected:
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
        """Tests have nothing to say about their requests."""


def main(directory: str, login: str = "") -> None:
    Handler.login = login
    handler = functools.partial(Handler, directory=directory)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201 - whoever started it waits for it
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
