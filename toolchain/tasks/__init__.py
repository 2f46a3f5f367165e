"""The bodies behind `invoke`'s tasks: each reads its options, calls the toolchain, prints.

Nothing heavy is imported before a task runs: `invoke` itself starts in a tenth of a second, and a
build that has nothing to do should not take much longer.
"""

import sys

# invoke forbids Python to write bytecode (its --write-pyc): this toolchain would be compiled at every call.
sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)
