"""Do something to a module when it is first imported: moto's EC2 alone takes half a second to load."""

import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


def when_imported(name: str, change: Callable[[], None]) -> None:
    """Call `change` after the module was imported; at once, if it has been. Several are called in turn."""
    if name in sys.modules:
        change()
        return
    finder = next((each for each in sys.meta_path if isinstance(each, _Finder) and each.name == name), None)
    if finder:
        finder.changes.append(change)
    else:
        sys.meta_path.insert(0, _Finder(name, change))


class _Finder(MetaPathFinder):
    """Finds one module, as Python does, and has it changed when it is loaded."""

    def __init__(self, name: str, change: Callable[[], None]) -> None:
        self.name = name
        self.changes = [change]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader, self.changes)
        return spec


class _Loader(Loader):
    def __init__(self, loader: Loader, changes: Sequence[Callable[[], None]]) -> None:
        self._loader = loader
        self._changes = changes

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        for change in self._changes:
            change()
