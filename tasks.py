"""The tasks of `invoke`; their bodies are under toolchain/tasks/, by subject."""

from invoke.collection import Collection

from toolchain.tasks import build

namespace = Collection(build.build, build.lock)
