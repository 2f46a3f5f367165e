"""Imports handlers as Lambda does: `python -I -S import_handlers.py PACKAGE SDK MODULE...`.

Prints, as JSON, which modules were compiled from source, and which files outside PACKAGE and SDK were used.
"""

import importlib
import json
import sys


def main(package: str, sdk: str, modules: list[str]) -> None:
    compiled: list[str] = []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        """Every call of `compile` is audited: source, file name."""
        if event == "compile" and str(arguments[1]).startswith(package):
            compiled.append(str(arguments[1]))

    sys.addaudithook(hear)
    sys.dont_write_bytecode = True
    standard = list(sys.path)
    sys.path[:] = [package, sdk, *standard]
    handlers = [importlib.import_module(module).handler for module in modules]
    files = {str(getattr(module, "__file__", None) or package) for module in sys.modules.values()}
    allowed = (package, sdk, *standard, __file__)
    json.dump(
        {
            "callable": [callable(handler) for handler in handlers],
            "compiled": sorted(compiled),
            "elsewhere": sorted(path for path in files if not path.startswith(allowed)),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
