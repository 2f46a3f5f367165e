"""What the comparison of servers reads from others' words and from the system."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.serving.load import Load, Target, parse_wrk, run_client
from benchmarks.serving.site import edit, write_handlers
from benchmarks.serving.usage import measure, process_tree

_WRK = """\
Running 4s test @ http://127.0.0.1:8123/plain
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.13ms    8.10ms  53.38ms   87.69%
    Req/Sec     3.40k   690.07     4.52k    65.85%
  Latency Distribution
     50%    {median}
     75%    5.10ms
  13853 requests in {taken}, 3.66MB read
{errors}Requests/sec:   3377.60
Transfer/sec:      0.89MB
"""


@pytest.mark.parametrize(
    ("median", "taken", "load"),
    [
        ("246.00us", "4.10s", Load(13853, 4.1, 0.246)),
        ("2.44ms", "900.00ms", Load(13853, 0.9, 2.44)),
        ("1.20s", "1.50m", Load(13853, 90.0, 1200.0)),
    ],
)
def test_wrk_tells_requests_seconds_and_the_median_in_units_of_its_choice(
    median: str, taken: str, load: Load
) -> None:
    found = parse_wrk(_WRK.format(median=median, taken=taken, errors=""))
    assert (found.requests, found.seconds, found.p50_ms) == pytest.approx(
        (load.requests, load.seconds, load.p50_ms)
    )


@pytest.mark.parametrize(
    "errors",
    [
        "  Non-2xx or 3xx responses: 12\n",
        "  Socket errors: connect 0, read 3, write 0, timeout 1\n",
    ],
)
def test_an_answer_that_is_not_good_is_no_number(errors: str) -> None:
    with pytest.raises(BenchmarkError, match=errors.strip()):
        parse_wrk(_WRK.format(median="1.00ms", taken="4.00s", errors=errors))


def test_an_edit_changes_the_answer_and_not_the_size(tmp_path: Path) -> None:
    write_handlers(tmp_path)
    handler = tmp_path / "functions" / "plain" / "handler.py"
    before = handler.read_text()
    edit(handler, 2001)
    assert handler.read_text() == before.replace("REVISION = 1000", "REVISION = 2001")


def test_a_tree_has_what_its_processes_have_started() -> None:
    """A shell and what it waits for: two processes, with memory, files and ids; afterwards none."""
    process = subprocess.Popen(["sh", "-c", "read line; true"], stdin=subprocess.PIPE)
    outer = subprocess.Popen(
        [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '60'])"], stdin=subprocess.DEVNULL
    )
    try:
        while len(process_tree(outer.pid)) < 2:
            assert outer.poll() is None
        usage = measure(outer.pid)
        assert usage.processes == 2
        assert usage.pss_mb > 1
        assert usage.files >= 6
        assert measure(process.pid).processes == 1
    finally:
        for pid in process_tree(outer.pid) - {outer.pid}:
            subprocess.run(["kill", str(pid)], check=True)
        outer.wait()
        process.communicate(b"\n")
    assert measure(outer.pid).processes == 0


_SERVER = """
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200 if self.headers["x-good"] else 500)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def test_the_client_for_where_there_is_no_wrk_counts_answers_and_takes_no_bad_ones() -> None:
    server = subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}/plain"
        load = run_client(Target(url, {"x-good": "yes"}), 2, 0.2)
        assert load.requests > 1
        assert load.seconds >= 0.2
        assert 0 < load.p50_ms < 200
        with pytest.raises(BenchmarkError, match=r"HTTP/1\.1 500"):
            run_client(Target(url, {}), 2, 0.2)
    finally:
        server.terminate()
        server.communicate()
