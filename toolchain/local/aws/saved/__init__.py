"""The state of the AWS endpoint on disk: what clients have made is there again after a restart.

keeping ── when it is saved             file ── what a file is: versions, checksum, one whole or none
backends ── what of moto is saved       pickling ── how: moto's objects, as they are in memory

Terraform's state is in a bucket of the same endpoint: both are saved together, and lost together.
"""

from toolchain.local.aws.saved.file import StateFile
from toolchain.local.aws.saved.keeping import Keeper, Restored, restore

__all__ = ["Keeper", "Restored", "StateFile", "restore"]
