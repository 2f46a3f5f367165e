"""Lambda's control plane. What runs functions is not moto's at all: see toolchain.local.workers."""

from toolchain.local.aws.fidelity.awslambda import (
    account,
    aliases,
    asynchronous,
    configuration,
    dates,
    deletions,
    duplicates,
    function_checks,
    mapping_checks,
    mappings,
    pages,
    unsupported,
    versions,
)

_MODULES = (
    *(account, aliases, configuration, versions, asynchronous, duplicates, deletions, mappings),
    *(dates, pages, unsupported),
    *(function_checks, mapping_checks),  # last, for they come before all others
)


def correct() -> None:
    for module in _MODULES:
        module.correct()
