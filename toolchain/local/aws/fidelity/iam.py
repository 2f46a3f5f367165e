"""IAM: AWS's managed policies are there when somebody asks, and in one partition: the local cloud's."""

import sys
import threading
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import Any

from moto.iam import models
from moto.iam.models import IAMBackend, ManagedPolicy

_PARTITION = "aws"
_TEXT, _SOURCE = "aws_managed_policies_data", "moto.iam.aws_managed_policies"
_making = threading.RLock()  # those by ARN are made of those in a list


def correct() -> None:
    """Moto makes all 1,200 policies for each of eight partitions, 50 MB and half a second of them.

    It does so at the first request of all, as it looks for the caller's access key in every partition; but
    hardly any client asks for a policy. Their text alone is 5 MB.
    """
    make_backend, make_policies = IAMBackend.__init__, IAMBackend._init_aws_policies  # noqa: SLF001 - the only place

    def init(self: IAMBackend, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  moto's own arguments
        make_backend(self, *args, **kwargs)
        del self.aws_managed_policies, self.managed_policies

    def make_none(self: IAMBackend) -> list[ManagedPolicy]:
        del self
        return []

    def aws_managed_policies(self: IAMBackend) -> list[ManagedPolicy]:
        if self.region_name != _PARTITION:
            return []
        setattr(models, _TEXT, getattr(import_module(_SOURCE), _TEXT))
        try:
            return make_policies(self)
        finally:
            _forget_text()

    def managed_policies(self: IAMBackend) -> dict[str, ManagedPolicy]:
        return {policy.arn: policy for policy in self.aws_managed_policies}

    IAMBackend.__init__ = init  # type: ignore[method-assign]
    IAMBackend._init_aws_policies = make_none  # type: ignore[method-assign]  # noqa: SLF001 - as above
    for make in (aws_managed_policies, managed_policies):
        on_demand = cached_property(_once(make))
        on_demand.__set_name__(IAMBackend, make.__name__)
        setattr(IAMBackend, make.__name__, on_demand)
    _forget_text()


def _once[Made](make: Callable[[IAMBackend], Made]) -> Callable[[IAMBackend], Made]:
    """Has all threads that ask at once wait for the same one: cached_property gives each its own, and what
    is put into any but the last is lost.
    """

    def made(self: IAMBackend) -> Made:
        with _making:
            if make.__name__ not in vars(self):
                vars(self)[make.__name__] = make(self)
            found: Made = vars(self)[make.__name__]
            return found

    return made


def _forget_text() -> None:
    """It is read again for the next backend, which there is once, as a rule."""
    setattr(models, _TEXT, "{}")
    sys.modules.pop(_SOURCE, None)
    package = sys.modules["moto.iam"]
    vars(package).pop("aws_managed_policies", None)
