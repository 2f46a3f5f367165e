"""Which tools there are to compare with, by the names that `--peers` takes."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.peer import Peer, Unavailable
from benchmarks.peers.sam import VERSION as SAM_VERSION
from benchmarks.peers.sam import SamBuild, SamBuildAndZip
from benchmarks.peers.serverless import PACKAGES as SERVERLESS_PACKAGES
from benchmarks.peers.serverless import Serverless
from benchmarks.peers.terraform_aws_lambda import TerraformAwsLambda, find_checkout
from benchmarks.peers.tools import install_from_npm, install_from_pypi
from benchmarks.peers.uv_and_zip import UvAndZip
from benchmarks.processes import Spawner
from benchmarks.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Provision:
    """What tools are made from; `terraform_aws_lambda` is the path of a checkout, if there is one."""

    surroundings: Surroundings
    spawner: Spawner
    terraform_aws_lambda: Path | None


def find_peers(names: Iterable[str], provision: Provision) -> tuple[list[Peer], dict[str, str]]:
    """The peers that can take part, installed; and why the others can't, by name."""
    peers: list[Peer] = []
    unavailable: dict[str, str] = {}
    for name in names:
        try:
            peers.append(MAKERS[name](provision))
        except Unavailable as reason:
            unavailable[name] = str(reason)
    return peers, unavailable


def _uv_and_zip_parallel(provision: Provision) -> Peer:
    return UvAndZip(provision.surroundings, processes=os.process_cpu_count() or 1)


def _sam(provision: Provision) -> Peer:
    tool = install_from_pypi(provision.surroundings, provision.spawner, {"aws-sam-cli": SAM_VERSION})
    return SamBuild(provision.surroundings, tool)


def _sam_and_zip(provision: Provision) -> Peer:
    tool = install_from_pypi(provision.surroundings, provision.spawner, {"aws-sam-cli": SAM_VERSION})
    return SamBuildAndZip(provision.surroundings, tool)


def _terraform_aws_lambda(provision: Provision) -> Peer:
    checkout = find_checkout(provision.terraform_aws_lambda)
    return TerraformAwsLambda(provision.surroundings, provision.spawner, checkout)


def _serverless(provision: Provision) -> Peer:
    tool = install_from_npm(provision.surroundings, provision.spawner, SERVERLESS_PACKAGES)
    return Serverless(provision.surroundings, tool)


MAKERS: Mapping[str, Callable[[Provision], Peer]] = {
    "uv-parallel": _uv_and_zip_parallel,
    "sam": _sam,
    "sam-zip": _sam_and_zip,
    "terraform-aws-lambda": _terraform_aws_lambda,
    "serverless": _serverless,
}
"""The floor, `uv + zip` one at a time, always takes part and is not among them."""
