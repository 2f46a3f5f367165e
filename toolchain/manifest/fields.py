"""What the manifest's models are made of: strict, frozen, and each with the sentence its error ends in."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetPydanticSchema
from pydantic_core import CoreSchema


class Model(BaseModel):
    """A mapping in function.yaml: no key it does not know, no value of another type, no change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


Item = TypeVar("Item")

# YAML has lists, frozen values have tuples: the one conversion that strict models must allow. Not a `type`
# statement, which would name a definition in the JSON Schema for every kind of item.
ListOf = Annotated[tuple[Item, ...], Field(strict=False)]


def _without_none(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - a type form
    return handler(next(part for part in get_args(source) if part is not type(None)))


# A key that may be left out: None is its default, and can't be written. An empty value is a mistake.
Omittable = Annotated[Item | None, GetPydanticSchema(_without_none)]


TAG = "\0"
"""What the names of alternatives begin with: no key does, for YAML has no such character."""


def hint(message: str, **keywords: str) -> dict[str, Any]:
    """JSON Schema keywords whose `errorMessage` is shown by editors and by our own messages alike."""
    return {"errorMessage": message, **keywords}


def listed(words: Sequence[str], conjunction: str = "or") -> str:
    """Words as a sentence has them.

    >>> listed(["reader", "writer", "none"])
    'reader, writer or none'
    """
    *head, last = words
    return f"{', '.join(head)} {conjunction} {last}" if head else last
