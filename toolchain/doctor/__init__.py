"""What this project needs of the machine it is on, and whether it is there."""

from toolchain.doctor.examination import Finding, Need, Status, examine, read_output
from toolchain.doctor.machine import examine_machine
from toolchain.doctor.report import show

__all__ = ["Finding", "Need", "Status", "examine", "examine_machine", "read_output", "show"]
