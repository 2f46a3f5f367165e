"""The state of the AWS endpoint, as `up` finds it when it starts, and leaves it for the next time.

User pools and their users are in Cognito's own file, where nothing is ever lost; which pools there are, this
state decides, together with Terraform's state in it: a pool that it does not know would be in the way of the
next deploy.
"""

from collections.abc import Callable

from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.messages import Handler
from toolchain.local.aws.moto_app import prepare_moto
from toolchain.local.aws.saved import Keeper, Restored, StateFile, restore
from toolchain.local.cognito.moto_pools import MotoPools
from toolchain.local.cognito.provision import own_pools
from toolchain.project import Project


class EndpointState:
    """What was saved is restored when this is made: before Cognito is opened, and anything is served."""

    def __init__(self, project: Project, database: tuple[str, int], say: Callable[[str], None]) -> None:
        self._file = StateFile(project.local / "aws" / "state")
        self._say = say
        self._keepers: list[Keeper] = []
        prepare_moto(Corrections(database))
        self._restored: Restored = restore(self._file)
        self._known = MotoPools.names()
        if self._restored.notice:
            say(self._restored.notice)

    def agree_on_pools(self, pools: MotoPools) -> None:
        """Remove pools that the state does not know. Without any state, as before the first, all stay."""
        if self._restored.is_read or self._restored.notice:
            removed = pools.keep_only({**self._known, **own_pools(pools)})
            if removed:
                self._say(f"user pools that the AWS state does not know were removed: {', '.join(removed)}")

    def keep(self, moto: Handler) -> Handler:
        """Save the state when requests change it, from now on until `close`."""
        keeper = Keeper(self._file, moto)
        self._keepers.append(keeper)
        return keeper

    def close(self) -> None:
        """Save what is there."""
        for keeper in self._keepers:
            keeper.close()
