"""Which code a name means: $LATEST, published versions, and the aliases that point at them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from toolchain.local.invocation import LATEST, FunctionNotFoundError
from toolchain.local.place import Place
from toolchain.local.workers.code import FunctionCode
from toolchain.local.workers.event_settings import DEFAULT, EventSettings
from toolchain.local.workers.names import Name, parse_name


@dataclass(frozen=True, slots=True)
class Target:
    """What a call runs; `arn` is as the function is told, with the qualifier that was asked for.

    `events` are the settings of asynchronous calls with that qualifier.
    """

    code: FunctionCode
    arn: str
    events: EventSettings = DEFAULT


@dataclass(slots=True)
class _Deployed:
    versions: dict[str, FunctionCode] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    events: dict[str, EventSettings] = field(default_factory=dict)


class Registry:
    """Functions by name or ARN; a name without a place is of one account and region."""

    def __init__(self, region: str, account: str) -> None:
        self._region = region
        self._account = account
        # By their ARNs, without a qualifier.
        self._functions: dict[str, _Deployed] = {}
        self._resolved: dict[tuple[str, str | None], Target] = {}

    def register(self, code: FunctionCode) -> None:
        """Add a version, or replace it: $LATEST, usually; published ones do not change on AWS."""
        self._functions.setdefault(code.arn, _Deployed()).versions[code.version] = code
        self._resolved.clear()

    def point(self, name: str, alias: str, version: str) -> None:
        """Make an alias mean a version. Raises FunctionNotFoundError if there is none."""
        self.resolve(name, version)
        self._functions[self._key(name)].aliases[alias] = version
        self._resolved.clear()

    def direct_events(self, name: str, settings: Mapping[str, EventSettings]) -> None:
        """Set what becomes of asynchronous calls, by qualifier; others have the default."""
        self._functions[self._key(name)].events = dict(settings)
        self._resolved.clear()

    def replace(self, name: str, codes: Iterable[FunctionCode], aliases: Mapping[str, str]) -> None:
        """Have a function be these versions and aliases, at once.

        Versions that are as they were keep their instances.
        """
        before = self._functions.setdefault(self._key(name), _Deployed())
        kept = before.versions
        before.versions = {
            code.version: kept[code.version] if kept.get(code.version) == code else code for code in codes
        }
        before.aliases = dict(aliases)
        self._resolved.clear()

    def remove(self, name: str, qualifier: str | None = None) -> None:
        """Forget a version or an alias, or without a qualifier all of the function."""
        key = self._key(name)
        if qualifier is None:
            self._functions.pop(key, None)
        elif key in self._functions:
            self._functions[key].versions.pop(qualifier, None)
            self._functions[key].aliases.pop(qualifier, None)
        self._resolved.clear()

    def version(self, name: str, version: str) -> FunctionCode | None:
        deployed = self._functions.get(self._key(name))
        return deployed.versions.get(version) if deployed else None

    def is_current(self, code: FunctionCode) -> bool:
        """Whether a version still has this very code."""
        deployed = self._functions.get(code.arn)
        return deployed is not None and deployed.versions.get(code.version) is code

    def arns(self) -> list[str]:
        return sorted(self._functions)

    def place_of(self, name: str) -> tuple[str, str]:
        """Account and region of a function that is known by its name alone."""
        here = self._arn(Name(name, None))
        arn = here if here in self._functions else next(self._elsewhere(name), here)
        _, _, _, region, account, *_ = arn.split(":")
        return account, region

    def resolve(self, name: str, qualifier: str | None = None) -> Target:
        """The code that a name or ARN and a qualifier mean.

        Raises FunctionNotFoundError, or InvalidParameterError when they can't mean any.
        """
        key = (name, qualifier)
        target = self._resolved.get(key)
        if target is None:
            target = self._find(parse_name(name, qualifier))
            self._resolved[key] = target
        return target

    def _find(self, name: Name) -> Target:
        deployed = self._functions.get(self._arn(replace(name, qualifier=None)))
        wanted = name.qualifier or LATEST
        code = deployed and deployed.versions.get(deployed.aliases.get(wanted, wanted))
        if not code:
            raise FunctionNotFoundError(f"Function not found: {self._arn(name)}")
        return Target(code, self._arn(name), deployed.events.get(wanted, DEFAULT) if deployed else DEFAULT)

    def _key(self, name: str) -> str:
        return name if name in self._functions else self._arn(replace(parse_name(name), qualifier=None))

    def _elsewhere(self, name: str) -> Iterator[str]:
        return (arn for arn in self._functions if arn.endswith(f":function:{name}"))

    def _arn(self, name: Name) -> str:
        place = Place(name.account or self._account, name.region or self._region)
        qualifier = f":{name.qualifier}" if name.qualifier else ""
        return f"{place.function_arn(name.name)}{qualifier}"
