"""IAM: one partition has AWS's managed policies, as the local cloud is in one."""

from moto.iam.models import IAMBackend, ManagedPolicy

_PARTITION = "aws"


def correct() -> None:
    """Moto makes all 1,200 policies for each of eight partitions, 50 MB and half a second of them.

    It does so at the first request of all, as it looks for the caller's access key in every partition.
    """
    original = IAMBackend._init_aws_policies  # noqa: SLF001 - there is no other place

    def init_aws_policies(self: IAMBackend) -> list[ManagedPolicy]:
        return original(self) if self.region_name == _PARTITION else []

    IAMBackend._init_aws_policies = init_aws_policies  # type: ignore[method-assign]  # noqa: SLF001
