"""Which servers there are to compare with, by the names that `--peers` takes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.peer import Unavailable
from benchmarks.peers.tools import install_from_npm, install_from_pypi
from benchmarks.processes import Spawner
from benchmarks.serving.peers import python_servers, serverless_offline
from benchmarks.serving.peers.peer import Peer
from benchmarks.serving.peers.python_servers import ChaliceLocal, FlaskApplication
from benchmarks.serving.peers.serverless_offline import ServerlessOffline
from benchmarks.serving.site import Site
from benchmarks.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Provision:
    """What servers are made from."""

    surroundings: Surroundings
    spawner: Spawner
    site: Site

    def python(self) -> Path:
        """An environment with what the servers in Python need, and handlers everywhere."""
        return install_from_pypi(self.surroundings, self.spawner, python_servers.PACKAGES)

    def node(self) -> Path:
        return install_from_npm(self.surroundings, self.spawner, serverless_offline.PACKAGES)


def find_peers(names: Iterable[str], provision: Provision) -> tuple[list[Peer], dict[str, str]]:
    """The servers that can take part, installed; and why the others can't, by name."""
    peers: list[Peer] = []
    unavailable: dict[str, str] = {}
    for name in names:
        try:
            peers.append(MAKERS[name](provision))
        except Unavailable as reason:
            unavailable[name] = str(reason)
    return peers, unavailable


def _serverless_offline(of: Provision) -> Peer:
    return ServerlessOffline(of.surroundings, of.site, of.node(), of.python())


def _chalice(of: Provision) -> Peer:
    return ChaliceLocal(of.surroundings, of.site, of.python())


def _flask(of: Provision) -> Peer:
    return FlaskApplication(of.surroundings, of.site, of.python())


MAKERS: Mapping[str, Callable[[Provision], Peer]] = {
    "serverless-offline": _serverless_offline,
    "chalice": _chalice,
    "flask": _flask,
}
