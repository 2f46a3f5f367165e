"""Install the MariaDB server with the system's package manager, when that needs no question."""

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from toolchain.errors import MissingToolError

type Run = Callable[[Sequence[str]], subprocess.CompletedProcess[str]]

# The server alone where there is such a package: Debian's mariadb-server would also start a system service.
_APT = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
_SERVER_PACKAGE = "mariadb-server-core"
_SERVER_PACKAGES = {"jammy": "mariadb-server-core-10.6"}
"""Where the version is part of the name. https://packages.ubuntu.com/jammy/mariadb-server-core-10.6"""
_MANAGERS: dict[str, tuple[str, ...]] = {
    "apt-get": (*_APT, "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y", "mariadb-server"),
    "apk": ("apk", "add", "mariadb"),
    "pacman": ("pacman", "-S", "--noconfirm", "mariadb"),
    "zypper": ("zypper", "--non-interactive", "install", "mariadb"),
    "brew": ("brew", "install", "mariadb@10.11"),
}


@dataclass(frozen=True, slots=True)
class Machine:
    """What deciding needs to know of a machine."""

    managers: tuple[str, ...]
    is_root: bool
    sudo: Literal["absent", "asks", "asks nothing"]
    package_lists_are_empty: bool = False
    codename: str = ""
    """Of the Debian or Ubuntu that it has, or that its system was made from: `jammy`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The commands that install the server, and whether they need someone to be there."""

    commands: tuple[tuple[str, ...], ...]
    is_unattended: bool
    needs_root: bool = False

    def __str__(self) -> str:
        commands = " && ".join(" ".join(command) for command in self.commands)
        return f"run as root: {commands}" if self.needs_root else f"run: {commands}"


def plan_installation(machine: Machine) -> Plan | None:
    """How to install the server on such a machine; None without a package manager that is known."""
    manager = next((name for name in _MANAGERS if name in machine.managers), None)
    if manager is None:
        return None
    commands = [_MANAGERS[manager]]
    if manager == "apt-get":
        commands = [(*commands[0], _SERVER_PACKAGES.get(machine.codename, _SERVER_PACKAGE))]
    if manager == "apt-get" and machine.package_lists_are_empty:
        commands.insert(0, (*_APT, "update"))
    if manager == "brew" or machine.is_root:
        return Plan(tuple(commands), is_unattended=True)
    if machine.sudo == "absent":
        return Plan(tuple(commands), is_unattended=False, needs_root=True)
    sudo = ("sudo", "-n") if machine.sudo == "asks nothing" else ("sudo",)
    return Plan(tuple((*sudo, *command) for command in commands), machine.sudo == "asks nothing")


def install(plan: Plan | None, problem: str, run: Run, announce: Callable[[str], None]) -> None:
    """Carry out the plan, or raise MissingToolError: `problem`, and the one command to run."""
    if plan is None:
        raise MissingToolError(f"{problem}; install it (10.11, as on RDS) and put mariadbd on PATH")
    if not plan.is_unattended:
        raise MissingToolError(f"{problem}; {plan}")
    announce(f"{problem}; installing it; {plan}")
    for command in plan.commands:
        result = run(command)
        if result.returncode:
            last_lines = "\n    ".join(result.stdout.strip().splitlines()[-5:])
            raise MissingToolError(f"{problem}; `{' '.join(command)}` failed:\n    {last_lines}")


def read_machine(run: Run) -> Machine:
    """The facts about this machine."""
    return Machine(
        managers=tuple(name for name in _MANAGERS if shutil.which(name)),
        is_root=os.geteuid() == 0,
        sudo=_read_sudo(run),
        package_lists_are_empty=not any(Path("/var/lib/apt/lists").glob("*_Packages*")),
        codename=_read_codename(),
    )


def _read_codename() -> str:
    """Systems made from Ubuntu have a name of their own, and Ubuntu's beside it."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return ""
    return system.get("UBUNTU_CODENAME") or system.get("VERSION_CODENAME", "")


def _read_sudo(run: Run) -> Literal["absent", "asks", "asks nothing"]:
    if shutil.which("sudo") is None:
        return "absent"
    return "asks" if run(("sudo", "-n", "true")).returncode else "asks nothing"


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal to ask at; its output, errors included, is the result's stdout."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
