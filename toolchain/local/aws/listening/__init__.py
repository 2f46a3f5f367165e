"""Tells what clients make in moto to those that have to do something about it.

protocol ── what is told         functions, apis, databases ── where in moto it happens

With a listener, a function that Terraform creates can be run, an API answers at an address of its own, and a
database has a schema.
"""

from toolchain.local.aws.listening.protocol import Database, Listener
from toolchain.local.aws.listening.starting import listening, tell_all

__all__ = ["Database", "Listener", "listening", "tell_all"]
