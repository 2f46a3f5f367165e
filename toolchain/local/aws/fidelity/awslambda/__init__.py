"""Lambda's control plane. What runs functions is not moto's at all: see toolchain.local.workers."""

from toolchain.local.aws.fidelity.awslambda import (
    account,
    aliases,
    asynchronous,
    configuration,
    duplicates,
    mappings,
    versions,
)


def correct() -> None:
    for module in (account, aliases, configuration, versions, asynchronous, duplicates, mappings):
        module.correct()
