"""A function's description, as the docstring of a module."""

import textwrap

_WIDTH = 104  # of a line, less the quotes


def docstring(description: str) -> str:
    """The description between quotes, as one sentence, wrapped if it is long."""
    text = " ".join(description.replace("\\", "\\\\").replace('"', "'").split()).rstrip(".") + "."
    lines = textwrap.wrap(text, _WIDTH)
    end = "\n" if len(lines) > 1 else ""
    return '"""' + "\n".join(lines) + end + '"""'
