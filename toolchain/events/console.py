"""Sample events for `invoke events`: of the functions of a project, and of every kind."""

import json

from toolchain.errors import EventError
from toolchain.events.catalog import event_names, function_event, named_event
from toolchain.events.triggers import Event
from toolchain.manifest.functions import function_names, read_function
from toolchain.project import Project


def sample_event(project: Project, name: str, trigger: str = "") -> Event:
    """The event of a function of the project, or else of the kind with that name.

    Raises EventError for an unknown name, ManifestError when the function's manifest is wrong.
    """
    if name in function_names(project):
        return function_event(read_function(project, name), trigger)
    if trigger:
        raise EventError(f"{name!r} is no function; only functions have triggers to choose from")
    return named_event(name)


def print_event(project: Project, name: str, trigger: str = "") -> None:
    print(json.dumps(sample_event(project, name, trigger), indent=2, ensure_ascii=False))


def print_names(project: Project) -> None:
    """Every name that has a sample event: functions first, then kinds of trigger."""
    print("functions:", *function_names(project), sep="\n  ")
    print("kinds of trigger:", *event_names(), sep="\n  ")
