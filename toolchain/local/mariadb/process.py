"""The server's process: start it, tell whether it lives, stop it.

It may outlive the process that started it, and be stopped by another. A pid in a file can't say whether the
server lives: the number may be another process's by now. So the server inherits a lock, which the kernel
releases when it ends; and before a signal is sent, the command line behind the pid has to be that of a server
on this data directory.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from toolchain.errors import DatabaseServerError
from toolchain.file_locks import is_held, take
from toolchain.local.mariadb.instance import Endpoint, Instance, server_arguments
from toolchain.local.mariadb.program import Program

_START_SECONDS = 60  # recovery after a crash included
_STOP_SECONDS = 20
_IDENTIFY_SECONDS = 2


def is_alive(instance: Instance) -> bool:
    """Whether a server runs on this instance's data directory."""
    return is_held(instance.alive)


def start(program: Program, instance: Instance, endpoint: Endpoint) -> None:
    """Start the server and wait until it answers. Raises DatabaseServerError with the end of its log.

    The caller holds the instance's guard, and knows that no server is alive.
    """
    for stale in (instance.pid_file, endpoint.socket):
        stale.unlink(missing_ok=True)
    pid = _spawn(program, instance, endpoint)
    try:
        wait_until_ready(instance, endpoint)
    except BaseException:
        _end(pid, instance)
        raise


def wait_until_ready(instance: Instance, endpoint: Endpoint) -> None:
    """Wait for the server's greeting on its socket. Raises DatabaseServerError."""
    _wait(lambda: _greets(endpoint.socket) or not is_alive(instance), _START_SECONDS)
    if not is_alive(instance):
        raise DatabaseServerError(
            f"MariaDB did not start; the end of {instance.log}:\n{_end_of(instance.log)}"
        )
    if not _greets(endpoint.socket):
        raise DatabaseServerError(
            f"MariaDB does not answer after {_START_SECONDS} s; the end of {instance.log}:\n"
            f"{_end_of(instance.log)}"
        )


def stop(instance: Instance) -> None:
    """Stop the server if it is alive, whoever started it; kill it when it takes too long."""
    # A server that was just started, by a process that was killed since, writes its pid when it is ready.
    _wait(lambda: instance.pid_file.exists() or not is_alive(instance), _START_SECONDS)
    # One that is just being killed has no command line any more, but still its lock.
    if not _wait(lambda: not is_alive(instance) or _find_pid(instance) is not None, _IDENTIFY_SECONDS):
        raise DatabaseServerError(
            f"{instance.pid_file} does not name the server that uses {instance.data}; "
            "end that mariadbd, then try again"
        )
    pid = _find_pid(instance)
    if pid is not None:
        _end(pid, instance)


def bury(instance: Instance) -> None:
    """Let the system forget a server that ended by itself, if this process had started it."""
    with contextlib.suppress(OSError, ValueError):
        os.waitpid(int(instance.pid_file.read_text()), os.WNOHANG)


def _find_pid(instance: Instance) -> int | None:
    """The pid in the server's file, if that process is the server."""
    try:
        pid = int(instance.pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if is_our_server(command_line(pid), instance.data) else None


def is_our_server(arguments: list[str], data: Path) -> bool:
    """Whether this is the command line of a MariaDB server on that data directory."""
    if not arguments or Path(arguments[0]).name not in ("mariadbd", "mysqld"):
        return False
    directories = (a.removeprefix("--datadir=") for a in arguments if a.startswith("--datadir="))
    return any(Path(directory).resolve() == data.resolve() for directory in directories)


def command_line(pid: int) -> list[str]:
    """The arguments of a process; none when there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
        except OSError:
            return []
    answer = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return split_options(answer.stdout.strip())


def split_options(line: str) -> list[str]:
    """Undo the joining of arguments by ps, whose paths may have spaces too.

    `/a b/mariadbd --datadir=/c d --port=1` -> [`/a b/mariadbd`, `--datadir=/c d`, `--port=1`]
    """
    program, *options = line.split(" --")
    return [program, *(f"--{option}" for option in options)] if program else []


def _spawn(program: Program, instance: Instance, endpoint: Endpoint) -> int:
    # Not subprocess.Popen, which warns about a process that outlives it.
    log = (os.POSIX_SPAWN_OPEN, 1, instance.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    with instance.alive.open("a") as alive:
        if not take(alive):
            raise DatabaseServerError(
                f"a server that was not started here uses {instance.data}; end it, then try again"
            )
        # A descriptor of another number: duplicating one onto itself leaves it to be closed, on some systems.
        inherited = 4 if alive.fileno() == 3 else 3
        return os.posix_spawn(
            program.path,
            [str(program.path), *server_arguments(instance, endpoint)],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                log,
                (os.POSIX_SPAWN_DUP2, 1, 2),
                (os.POSIX_SPAWN_DUP2, alive.fileno(), inherited),
            ],
            setpgroup=0,  # Ctrl-C in the terminal is not for the server
            setsigmask=(),
        )


def _end(pid: int, instance: Instance) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        if not _wait(lambda: not is_alive(instance), _STOP_SECONDS):
            os.kill(pid, signal.SIGKILL)
            _wait(lambda: not is_alive(instance), _STOP_SECONDS)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _greets(path: Path) -> bool:
    """Any answer will do: a full server greets with an error packet."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            return len(connection.recv(16)) > 4
    except OSError:
        return False


def _end_of(log: Path, lines: int = 12) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (is_met := condition()) and time.monotonic() < deadline:
        time.sleep(0.002)
    return is_met
