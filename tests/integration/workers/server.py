"""Workers in a process of their own, for tests that kill it. Prints the ids of processes that must end too.

python -m tests.integration.workers.server <directory> fork|spawn
"""

import asyncio
import sys
from pathlib import Path

from tests.integration.workers.world import World, until


async def serve(directory: Path, *, fork: bool) -> None:
    world = World(directory)
    files = [directory / "spinning", directory / "parent"]
    async with world.open(world.code(timeout_seconds=600), fork=fork) as workers:
        calls = [
            asyncio.create_task(workers.invoke(do="spin", file=str(files[0]))),
            asyncio.create_task(workers.invoke(do="start_process", file=str(files[1]), seconds=600)),
        ]
        await until(lambda: all(file.exists() and file.read_text() for file in files), seconds=60)
        idle = await workers.result(do="about")
        sys.stdout.write(f"{idle['pid']} {' '.join(file.read_text() for file in files)}\n")
        sys.stdout.flush()
        await asyncio.gather(*calls)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), fork=sys.argv[2] == "fork"))
