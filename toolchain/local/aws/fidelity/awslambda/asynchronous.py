"""How asynchronous calls of a function end: retries and destinations, for each qualifier.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

import json
import time
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig, LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult

_LATEST = "$LATEST"


def event_invoke_configs(function: LambdaFunction) -> dict[str, EventInvokeConfig]:
    """By qualifier: a version, an alias, or $LATEST."""
    configs: dict[str, EventInvokeConfig] = vars(function).setdefault("event_invoke_configs", {})
    return configs


def correct() -> None:
    """moto has one for the whole function, and keeps the first: no alias has one, and no update counts."""
    _configure_each_qualifier()
    _answer_for_each_qualifier()


def _configure_each_qualifier() -> None:
    def put(
        self: LambdaBackend, function_name: str, config: dict[str, Any], qualifier: str = _LATEST
    ) -> dict[str, Any]:
        function = _find(self, function_name, qualifier)
        suffix = "" if qualifier == _LATEST else f":{qualifier}"
        arn = f"{function.function_arn}{suffix or f':{_LATEST}'}"
        made = EventInvokeConfig(arn, time.time(), config)  # type: ignore[arg-type]  # seconds, as the API has it
        event_invoke_configs(function)[qualifier] = made
        return _described(made)

    def update(
        self: LambdaBackend, function_name: str, config: dict[str, Any], qualifier: str = _LATEST
    ) -> dict[str, Any]:
        before = _configured(self, function_name, qualifier).config
        return put(self, function_name, {**before, **config}, qualifier)

    def get(self: LambdaBackend, function_name: str, qualifier: str = _LATEST) -> dict[str, Any]:
        return _described(_configured(self, function_name, qualifier))

    def delete(self: LambdaBackend, function_name: str, qualifier: str = _LATEST) -> None:
        _configured(self, function_name, qualifier)
        del event_invoke_configs(_find(self, function_name, qualifier))[qualifier]

    def list_all(self: LambdaBackend, function_name: str) -> dict[str, Any]:
        configs = event_invoke_configs(self.get_function(function_name))
        return {"FunctionEventInvokeConfigs": [_described(config) for config in configs.values()]}

    LambdaBackend.put_function_event_invoke_config = put  # type: ignore[method-assign]
    LambdaBackend.update_function_event_invoke_config = update  # type: ignore[method-assign]
    LambdaBackend.get_function_event_invoke_config = get  # type: ignore[method-assign]
    LambdaBackend.delete_function_event_invoke_config = delete  # type: ignore[method-assign]
    LambdaBackend.list_function_event_invoke_configs = list_all  # type: ignore[method-assign]


def _answer_for_each_qualifier() -> None:
    def put(self: LambdaResponse) -> ActionResult:
        backend: Any = self.backend  # with what is added here
        return ActionResult(backend.put_function_event_invoke_config(**_asked(self), config=self.json_body))

    def update(self: LambdaResponse) -> ActionResult:
        backend: Any = self.backend
        return ActionResult(
            backend.update_function_event_invoke_config(**_asked(self), config=self.json_body)
        )

    def get(self: LambdaResponse) -> ActionResult:
        backend: Any = self.backend
        return ActionResult(backend.get_function_event_invoke_config(**_asked(self)))

    def delete(self: LambdaResponse) -> tuple[int, dict[str, Any], str]:
        backend: Any = self.backend
        backend.delete_function_event_invoke_config(**_asked(self))
        return 204, {"status": 204}, json.dumps({})

    LambdaResponse.put_function_event_invoke_config = put  # type: ignore[method-assign]
    LambdaResponse.update_function_event_invoke_config = update  # type: ignore[method-assign,assignment]
    LambdaResponse.get_function_event_invoke_config = get  # type: ignore[method-assign]
    LambdaResponse.delete_function_event_invoke_config = delete  # type: ignore[method-assign]


def _asked(response: LambdaResponse) -> dict[str, str]:
    name, _, qualifier = _name(unquote(response.path.rsplit("/", 2)[1])).partition(":")
    asked = response._get_param("Qualifier")  # noqa: SLF001  moto's own responses use it
    return {"function_name": name, "qualifier": asked or qualifier or _LATEST}


def _name(name_or_arn: str) -> str:
    """`users` or `users:live`, of an ARN too."""
    return name_or_arn.rpartition(":function:")[2]


def _find(backend: LambdaBackend, name: str, qualifier: str) -> LambdaFunction:
    """The function, if there is such a qualifier."""
    backend.get_function(name, qualifier)
    return backend.get_function(name)


def _configured(backend: LambdaBackend, name: str, qualifier: str) -> EventInvokeConfig:
    function = _find(backend, name, qualifier)
    found = event_invoke_configs(function).get(qualifier)
    if found is None:
        raise UnknownEventConfig(f"{function.function_arn}:{qualifier}")
    return found


def _described(config: EventInvokeConfig) -> dict[str, Any]:
    """Without a destination, AWS answers with both, empty."""
    destinations = {"OnSuccess": {}, "OnFailure": {}, **(config.config.get("DestinationConfig") or {})}
    return {**config.response(), "DestinationConfig": destinations}
