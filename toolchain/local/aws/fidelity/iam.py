"""IAM: AWS's managed policies are there when somebody asks, and in one partition: the local cloud's."""

from functools import cached_property
from typing import Any

from moto.iam.models import IAMBackend, ManagedPolicy

_PARTITION = "aws"


def correct() -> None:
    """Moto makes all 1,200 policies for each of eight partitions, 50 MB and half a second of them.

    It does so at the first request of all, as it looks for the caller's access key in every partition; but
    hardly any client asks for a policy.
    """
    make_backend, make_policies = IAMBackend.__init__, IAMBackend._init_aws_policies  # noqa: SLF001 - the only place

    def init(self: IAMBackend, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        make_backend(self, *args, **kwargs)
        del self.aws_managed_policies, self.managed_policies

    def make_none(self: IAMBackend) -> list[ManagedPolicy]:
        del self
        return []

    def aws_managed_policies(self: IAMBackend) -> list[ManagedPolicy]:
        return make_policies(self) if self.region_name == _PARTITION else []

    def managed_policies(self: IAMBackend) -> dict[str, ManagedPolicy]:
        return {policy.arn: policy for policy in self.aws_managed_policies}

    IAMBackend.__init__ = init  # type: ignore[method-assign]
    IAMBackend._init_aws_policies = make_none  # type: ignore[method-assign]  # noqa: SLF001 - as above
    for make in (aws_managed_policies, managed_policies):
        on_demand = cached_property(make)
        on_demand.__set_name__(IAMBackend, make.__name__)
        setattr(IAMBackend, make.__name__, on_demand)
