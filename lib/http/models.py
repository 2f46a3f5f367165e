"""What bodies and queries are made of: pydantic models that refuse what they don't know.

Apart from lib.http itself, because pydantic is most of what importing an endpoint takes.
"""

import os

from pydantic import BaseModel, ConfigDict, Field

# Before it makes its first model, pydantic searches the metadata of all packages for plugins, those of
# Lambda's runtime included. Set the variable to "" to have plugins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

__all__ = ["Body", "Field", "Query"]


class Body(BaseModel):
    """A JSON object. A number in quotes is no number; dates and the like are texts, as JSON has them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class Query(BaseModel):
    """The parameters after `?`, which are texts that are made into the fields' types."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
