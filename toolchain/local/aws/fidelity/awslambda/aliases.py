"""Lambda: aliases that are moved by a revision's name, so that nobody overwrites another's move."""

import json
import threading
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from moto.awslambda.exceptions import PreconditionFailedException
from moto.awslambda.models import LambdaAlias
from moto.awslambda.responses import LambdaResponse

_moving = threading.Lock()


def correct() -> None:
    _compare_revisions()
    _revise()


def _compare_revisions() -> None:
    """RevisionId is ignored, so of two that move an alias at once, the later one wins unseen.

    https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
    """
    update_alias = LambdaResponse.update_alias

    def compare_and_update(self: LambdaResponse) -> Any:  # noqa: ANN401  moto's
        wanted = json.loads(self.body).get("RevisionId")
        function, name = (unquote(part) for part in self.path.rsplit("/", 3)[1::2])
        with _moving:
            if wanted and self.backend.get_alias(name, function).revision_id != wanted:
                raise PreconditionFailedException(
                    "The RevisionId provided does not match the latest RevisionId. Call the"
                    " GetFunction/GetAlias API to retrieve the latest RevisionId for your resource."
                )
            return update_alias(self)

    LambdaResponse.update_alias = compare_and_update  # type: ignore[method-assign]


def _revise() -> None:
    """An update leaves the revision as it is; and weights that are none are shown nevertheless."""
    update = LambdaAlias.update

    def update_and_revise(
        self: Any,  # noqa: ANN401  a LambdaAlias, whose types are not those of what it holds
        description: str | None,
        function_version: str | None,
        routing_config: dict[str, Any] | None,
    ) -> None:
        update(self, description, function_version, routing_config)  # type: ignore[arg-type]
        if not (self.routing_config or {}).get("AdditionalVersionWeights"):
            self.routing_config = None
        self.revision_id = str(uuid4())

    LambdaAlias.update = update_and_revise  # type: ignore[method-assign,assignment]
