"""A plan for people: what changes, why, and what could go wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from toolchain.deploy.guard import PRECIOUS, find_losses
from toolchain.deploy.plans import Change, Kind, Plan
from toolchain.deploy.releases.aliases import Move, counted
from toolchain.deploy.releases.outlook import Outlook

type Risk = Literal["high", "medium", "low"]

_ORDER: tuple[Risk, ...] = ("high", "medium", "low")
_NOTHING_MOVES = Outlook()
_LISTED = 12
"""More creations or deletions, as on a first deploy or at the end, are counted by module."""

_REASONS = {
    "replace_because_tainted": "it was left unfinished",
    "replace_because_cannot_update": "",
    "replace_by_request": "it was asked for",
    "replace_by_triggers": "what it depends on changes",
    "delete_because_no_resource_config": "it is not in terraform/ any more",
    "delete_because_no_module": "its module, or its function, is gone",
    "delete_because_wrong_repetition": "it is now repeated in another way",
    "delete_because_count_index": "count is smaller",
    "delete_because_each_key": "its key is gone",
    "delete_because_no_move_target": "what it was to move to is not in terraform/",
}
"""https://developer.hashicorp.com/terraform/internals/json-format#change-representation: action_reason."""

_RESTARTING = ("aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_db_parameter_group")
_PERMITTING = (
    "aws_iam_",
    "aws_lambda_permission",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_security_group",
    "aws_sqs_queue_policy",
    "aws_vpc_security_group",
)
_SAFEGUARDS = {"deletion_protection", "force_destroy", "skip_final_snapshot", "backup_retention_period"}


_DRIFTED: Mapping[Kind, tuple[str, str]] = {
    "update": ("changed", "the next deploy sets it back"),
    "create": ("gone", "the next deploy makes it anew"),
    "replace": ("changed", "the next deploy replaces it"),
}
"""How it was found, when others than Terraform did it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the summary."""

    risk: Risk
    kind: Kind
    address: str
    why: str
    consequence: str


def summarize(plan: Plan) -> list[Item]:
    """An item for each change, those with the highest risk first."""
    items = [_item(change) for change in plan.changes]
    return sorted(items, key=lambda item: (_ORDER.index(item.risk), item.kind, item.address))


def lines(plan: Plan, outlook: Outlook = _NOTHING_MOVES) -> Iterator[str]:
    """The summary as text. Creations and deletions are counted by module when there are many.

    What holds data is always listed.
    """
    yield headline(plan, outlook)
    items = summarize(plan)
    kinds = Counter(item.kind for item in items)
    many = {kind for kind in ("create", "delete") if kinds[kind] > _LISTED}
    grouped = [item for item in items if item.kind in many and item.risk != "high"]
    listed = [item for item in items if item not in grouped]
    width = max((len(item.address) for item in listed), default=0)
    for item in listed:
        explained = "; ".join(filter(None, [item.why, item.consequence]))
        yield f"  {item.risk:<6}  {item.kind:<7}  {item.address:<{width}}  {explained}".rstrip()
    yield from _by_module(grouped)
    if plan.outputs:
        yield f"  outputs that change: {', '.join(plan.outputs)}"
    yield from _releasing(plan, outlook)


def drift_lines(plan: Plan) -> Iterator[str]:
    """What others have changed, and what the next deploy makes of it; `plan` has nothing else."""
    items = summarize(plan)
    yield f"{len(items)} changed by others than Terraform"
    width = max((len(item.address) for item in items), default=0)
    for item in items:
        found, then = _DRIFTED.get(item.kind, (item.kind, item.consequence))
        lost = item.consequence if item.risk == "high" else ""
        explained = "; ".join(filter(None, [item.why, then, lost]))
        yield f"  {item.risk:<6}  {found:<7}  {item.address:<{width}}  {explained}".rstrip()


def headline(plan: Plan, outlook: Outlook = _NOTHING_MOVES) -> str:
    """`1 to replace, 2 to update`."""
    counts = Counter(change.kind for change in plan.changes)
    order: Sequence[Kind] = ("replace", "delete", "forget", "update", "create", "import", "move")
    parts = [f"{counts[kind]} to {kind}" for kind in order if counts[kind]]
    parts += [f"{counted(len(outlook.moves))} to move"] if outlook.moves else []
    return ", ".join(parts) or ("only outputs change" if plan.outputs else "no changes")


def to_json(plan: Plan, stage: str, outlook: Outlook = _NOTHING_MOVES) -> Mapping[str, Any]:
    """The summary for programs; `losses` are what deploy would stop at.

    `aliases` are those that are not where Terraform has published: `rollback_to` says why, after a rollback.
    """
    return {
        "stage": stage,
        "summary": headline(plan, outlook),
        "changes": [asdict(item) for item in summarize(plan)],
        "outputs": list(plan.outputs),
        "losses": [{"address": loss.change.address, "message": str(loss)} for loss in find_losses(plan)],
        "aliases": [
            {"function": one.name, "from_version": one.from_version, "published_version": one.to_version}
            for one in outlook.moves
        ],
        "rollback_to": outlook.live.rollback_to if outlook.live else None,
    }


def _item(change: Change) -> Item:
    risk, consequence = _risk(change)
    return Item(risk, change.kind, change.address, _why(change), consequence)


def _why(change: Change) -> str:
    if change.kind == "move":
        return f"from {change.previous_address}"
    if change.kind == "replace" and change.replace_paths:
        return f"{', '.join(change.replace_paths)} can't be changed in place"
    if change.is_deposed:
        return "it was left over when another took its place"
    if change.kind in ("replace", "delete", "forget"):
        return _REASONS.get(change.reason, change.reason)
    return ", ".join(change.attributes)


def _risk(change: Change) -> tuple[Risk, str]:
    if change.kind in ("delete", "replace", "forget"):
        return _risk_of_loss(change)
    lowered = sorted(_SAFEGUARDS.intersection(change.attributes))
    if change.kind == "update" and lowered and change.type in PRECIOUS:
        return "medium", "a safeguard changes"
    if change.kind == "update" and change.type in _RESTARTING:
        return "medium", "the database may restart"
    if change.kind == "update" and change.type.startswith(_PERMITTING):
        return "medium", "who may do what changes"
    if change.kind == "update" and change.type == "aws_lambda_function":
        return "low", "users get it when the release moves the alias"
    return "low", ""


def _risk_of_loss(change: Change) -> tuple[Risk, str]:
    if change.kind == "forget":
        return "high" if change.type in PRECIOUS else "medium", "it stays, but nobody looks after it"
    if change.type in PRECIOUS:
        return "high", PRECIOUS[change.type]
    return "medium", "it is away until it is made anew" if change.kind == "replace" else ""


def _releasing(plan: Plan, outlook: Outlook) -> Iterator[str]:
    """The aliases that move though nothing is published for it, and why they are where they are."""
    width = max((len(move.name) for move in outlook.moves), default=0)
    for move in outlook.moves:
        yield f"  medium  release  {move.name:<{width}}  its alias moves from version {_way(plan, move)}"
    live = outlook.live
    if live and live.rollback_to:
        yield f"  live is {live.id}, a rollback to {live.rollback_to} by {live.who}: deploy undoes it"


def _way(plan: Plan, move: Move) -> str:
    """`1 to 2`; a function that changes gets a version that nobody knows yet."""
    function = f'module.function["{move.name}"].aws_lambda_function.'
    is_published_anew = any(change.address.startswith(function) for change in plan.changes)
    return f"{move.from_version} to {move.to_version}{' or newer' if is_published_anew else ''}"


def _by_module(items: Sequence[Item]) -> Iterator[str]:
    """`create 14 in module.network`."""
    groups = Counter((item.kind, _module(item.address), item.risk, item.why) for item in items)
    for (kind, module, risk, why), count in sorted(groups.items()):
        yield f"  {risk:<6}  {kind:<7}  {count} in {module}  {why}".rstrip()


def _module(address: str) -> str:
    """`module.function["health"].aws_iam_role.this` -> `module.function["health"]`."""
    if not address.startswith("module."):
        return "the root module"
    depth, end = 0, len("module.")
    for end in range(len("module."), len(address)):
        depth += {"[": 1, "]": -1}.get(address[end], 0)
        if address[end] == "." and depth == 0:
            break
    return address[:end]
