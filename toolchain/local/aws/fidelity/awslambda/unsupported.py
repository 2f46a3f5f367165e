"""What moto notes and nothing here does: function URLs, and layers.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
"""

from moto.awslambda.responses import LambdaResponse

_ACTIONS = (
    *("create_function_url_config", "update_function_url_config"),
    *("publish_layer_version", "add_layer_version_permission"),
)


def correct() -> None:
    """They seem to work, and no call ever arrives: refused as actions are that moto does not have."""

    def refuse(self: LambdaResponse) -> str:
        raise NotImplementedError

    for action in _ACTIONS:
        setattr(LambdaResponse, action, refuse)
