"""All that is compared of an application: routes with their authorization, triggers, functions' settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.local.comparison.settings import FunctionSettings, declared_settings
from toolchain.local.comparison.triggers import Trigger, declared_triggers
from toolchain.local.differences import mapping_differences
from toolchain.local.http_api import Issuer, Routes


@dataclass(frozen=True)
class Seen:
    """An application as manifests, or a running stage, show it."""

    routes: Routes
    triggers: frozenset[Trigger]
    functions: Mapping[str, FunctionSettings]

    def differences(self, other: "Seen") -> list[str]:
        """What tells the two apart, a line for each: for people; whether they are equal says `==`."""
        return [
            *self.routes.differences(other.routes),
            *[f"{trigger}: only here" for trigger in sorted(self.triggers - other.triggers)],
            *[f"{trigger}: only there" for trigger in sorted(other.triggers - self.triggers)],
            *mapping_differences(self.functions, other.functions),
        ]


def declared(declarations: Iterable[Mapping[str, Any]], issuer: Issuer) -> Seen:
    """What manifests declare (toolchain.manifest.declaration, or dist/functions.json).

    `issuer` is the user pool that the routes with `auth: jwt` trust.
    """
    known = list(declarations)
    return Seen(
        routes=Routes.declared(known, issuer),
        triggers=frozenset(trigger for each in known for trigger in declared_triggers(each)),
        functions={each["name"]: declared_settings(each) for each in known},
    )
