from invoke.collection import Collection

from toolchain.tasks import run

namespace = Collection(run.run_local)
