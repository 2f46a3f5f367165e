"""The tasks of `invoke`; each lives with its subject under toolchain/tasks/."""

from invoke.collection import Collection

namespace = Collection()
