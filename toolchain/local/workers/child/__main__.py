"""The nursery, or (where it can't fork) an instance.

python -I -S <this file> '{"control": 5, "fork": true}'
python -I -S <this file> '{"task": {...}, "messages": 6}'
"""

import gc
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[4]))

from toolchain.local.workers.child.instance import become
from toolchain.local.workers.child.nursery import Nursery
from toolchain.local.workers.child.preload import preload
from toolchain.local.workers.child.starting import Fork, Spawn


def main(options: dict[str, Any]) -> None:
    if "task" in options:
        os.set_inheritable(options["messages"], False)  # noqa: FBT003
        become(options["task"], options["messages"])
    with socket.socket(fileno=options["control"]) as control:
        control.set_inheritable(False)
        if options["fork"]:
            preload()
            gc.collect()
            gc.freeze()  # a collection in a child would write to, and so copy, every page it shares
        if (task := Nursery(control, Fork() if options["fork"] else Spawn()).serve()) is not None:
            become(*task)


if __name__ == "__main__":
    arguments = json.loads(sys.argv.pop())
    main(arguments)
