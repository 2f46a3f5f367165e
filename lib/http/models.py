"""What bodies, queries and paths are made of: pydantic models.

Apart from lib.http itself, because pydantic is most of what importing an endpoint takes.
"""

import os

from pydantic import BaseModel, ConfigDict, Field

# Before it makes its first model, pydantic searches the metadata of all packages for plugins, those of
# Lambda's runtime included. Set the variable to "" to have plugins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__all__ = ["Body", "Field", "PathParameters", "Query"]


class Body(BaseModel):
    """A JSON object, with no member that it does not know.

    A number in quotes is no number; dates and the like are texts, as JSON has them.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Query(BaseModel):
    """The parameters after `?`, none that it does not know: texts that are made into the fields' types.

    A number is finite here, too: `?price=1e400` and `?price=nan` are refused, as JSON has neither.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class PathParameters(BaseModel):
    """The `{parameters}` of the route's path: texts that are made into the fields' types."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)
