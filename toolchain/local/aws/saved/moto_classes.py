"""moto's classes that are not saved as they are: much of what they hold is moto's own, and always the same.

Their modules are looked at where they are loaded already: most states have nothing of them.
"""

import copyreg
import sys
from collections.abc import Callable, Sized
from typing import Any

from moto.utilities.tagging_service import TaggingService

type Reduced = tuple[Any, ...]
type Reduce = Callable[[Any], Reduced]

_AWS_POLICIES: dict[tuple[str, str], dict[str, Any]] = {}


def reducers_of_loaded_modules() -> dict[type, Reduce]:
    """For a pickler's dispatch_table."""
    found: dict[type, Reduce] = {}
    if ssm := sys.modules.get("moto.ssm.models"):
        found[ssm.ParameterDict] = _reduce_parameters
    if iam := sys.modules.get("moto.iam.models"):
        found[iam.IAMBackend] = _reduce_iam
        found[iam.AWSManagedPolicy] = _reduce_aws_policy
    return found


def _reduce_parameters(values: Any) -> Reduced:  # noqa: ANN401  moto's ParameterDict
    """It can't be made without arguments."""
    return _remake_parameters, (), dict(vars(values)), None, iter(list(values.items()))


def _remake_parameters() -> Any:  # noqa: ANN401  as above
    from moto.ssm.models import ParameterDict

    values = ParameterDict.__new__(ParameterDict)
    values.default_factory = list
    return values


def _reduce_iam(backend: Any) -> Reduced:  # noqa: ANN401  moto's IAMBackend
    """Without the policies of AWS, more than a thousand, but for what they are attached to."""
    known = vars(backend).get("aws_managed_policies", ())  # not there before somebody asks for one
    attached = [policy for policy in known if policy.attachment_count]
    state = {**vars(backend), "aws_managed_policies": attached, "managed_policies": _own_policies(backend)}
    return copyreg.__newobj__, (type(backend),), state, None, None, _set_iam_state  # type: ignore[attr-defined]


def _own_policies(backend: Any) -> dict[str, Any]:  # noqa: ANN401  as above
    kind = sys.modules["moto.iam.models"].AWSManagedPolicy
    known = vars(backend).get("managed_policies", {})  # as above
    return {arn: each for arn, each in list(known.items()) if not isinstance(each, kind)}


def is_untouched(backend: object) -> bool:
    """Whether nothing was made there: moto makes backends for any question. A new one would be the same."""
    iam = sys.modules.get("moto.iam.models")
    if iam is not None and isinstance(backend, iam.IAMBackend):
        return not (backend.roles or backend.users or backend.groups or _own_policies(backend))
    rest_apis = sys.modules.get("moto.apigateway.models")
    if rest_apis is not None and isinstance(backend, rest_apis.APIGatewayBackend):
        parts = (backend.apis, backend.keys, backend.usage_plans, backend.domain_names, backend.vpc_links)
        return not any(parts)
    return all(_is_nothing(value) for value in vars(backend).values())


def _is_nothing(value: object) -> bool:
    """An empty collection, a name or number; or the tags of nothing."""
    if isinstance(value, TaggingService):
        return not value.tags
    return value is None or isinstance(value, str | int | float) or (isinstance(value, Sized) and not value)


def _set_iam_state(backend: Any, state: dict[str, Any]) -> None:  # noqa: ANN401  as above
    vars(backend).update(state)
    if not (state["aws_managed_policies"] or state["managed_policies"]):
        del backend.aws_managed_policies, backend.managed_policies  # as on a new one
        return
    policies = _aws_policies(backend.account_id, backend.region_name)
    for policy in policies.values():
        if policy not in state["aws_managed_policies"]:
            policy.attachment_count = 0
    backend.aws_managed_policies = list(policies.values())
    backend.managed_policies = {**policies, **state["managed_policies"]}


def _reduce_aws_policy(policy: Any) -> Reduced:  # noqa: ANN401  moto's AWSManagedPolicy
    made = (policy.account_id, policy.partition, policy.arn, policy.id, policy.attachment_count)
    return _find_aws_policy, made


def _find_aws_policy(account_id: str, partition: str, arn: str, policy_id: str, attachments: int) -> object:
    """Its id is moto's invention, so it is another each time."""
    policy = _aws_policies(account_id, partition)[arn]
    policy.id, policy.attachment_count = policy_id, attachments
    return policy


def _aws_policies(account_id: str, partition: str) -> dict[str, Any]:
    """One set for each backend, whichever part of a state asks first."""
    from moto.iam.models import IAMBackend

    key = (account_id, partition)
    if key not in _AWS_POLICIES:
        made = IAMBackend(partition, account_id)
        _AWS_POLICIES[key] = {policy.arn: policy for policy in made.aws_managed_policies}
    return _AWS_POLICIES[key]
