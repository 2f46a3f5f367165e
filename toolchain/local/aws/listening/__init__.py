"""Tells what clients make in moto to those that have to do something about it.

protocol ── what is told         functions, apis, databases ── where in moto it happens

With a listener, a function that Terraform creates can be run, an API answers at an address of its own, and a
database has a schema. A guard is asked before, and may refuse.
"""

from toolchain.local.aws.listening.protocol import Database, Guard, Listener
from toolchain.local.aws.listening.starting import listening, tell_all

__all__ = ["Database", "Guard", "Listener", "listening", "tell_all"]
