"""Event source mappings.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from typing import Any

from moto.awslambda.models import EventSourceMapping, LambdaBackend


def correct() -> None:
    _keep_the_qualifier()
    _answer_without_tags()


def _keep_the_qualifier() -> None:
    """A mapping of an alias tells the ARN of the alias; moto's, that of the version that the alias means at
    that moment: the next plan changes it back.
    """
    create, update = EventSourceMapping.__init__, LambdaBackend.update_event_source_mapping

    def init(self: EventSourceMapping, spec: dict[str, Any]) -> None:
        create(self, {**spec, "FunctionArn": told_arn(spec["FunctionName"], spec["FunctionArn"])})

    def update_event_source_mapping(
        self: LambdaBackend, uuid: str, spec: dict[str, Any]
    ) -> EventSourceMapping | None:
        mapping = update(self, uuid, spec)
        if mapping and "FunctionName" in spec:
            mapping.function_name = spec["FunctionName"]
            mapping.function_arn = told_arn(spec["FunctionName"], mapping.function_arn)
        return mapping

    EventSourceMapping.__init__ = init  # type: ignore[method-assign]
    LambdaBackend.update_event_source_mapping = update_event_source_mapping  # type: ignore[method-assign]


def _answer_without_tags() -> None:
    """ListTags has them; the answers of mappings do not."""
    original = EventSourceMapping.get_configuration

    def get_configuration(self: EventSourceMapping) -> dict[str, Any]:
        return {name: value for name, value in original(self).items() if name != "Tags"}

    EventSourceMapping.get_configuration = get_configuration  # type: ignore[method-assign]


def told_arn(name: str, found: str) -> str:
    """The ARN that a mapping tells. `found` may be that of a version.

    >>> told_arn("users:live", "arn:aws:lambda:eu-west-1:123456789012:function:users:3")
    'arn:aws:lambda:eu-west-1:123456789012:function:users:live'
    """
    function = ":".join(found.split(":")[:7])
    _, _, qualifier = name.rpartition(":function:")[2].partition(":")
    return f"{function}:{qualifier}" if qualifier else function
