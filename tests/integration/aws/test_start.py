"""What the AWS endpoint loads before the first request."""

import subprocess
import sys

_PROGRAM = """
import sys
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
print("moto.ec2" in sys.modules)
import moto.rds.models
print(vars(moto.rds.models.DBInstance)["endpoint"].fget.__module__)
"""


def test_moto_ec2_is_loaded_when_it_is_needed() -> None:
    """It would take half a second of every start. What is loaded late is corrected none the less."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "toolchain.local.aws.fidelity.rds"]
