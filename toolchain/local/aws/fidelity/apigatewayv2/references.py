"""What routes refer to stays as long as they do.

AWS's words are those of https://github.com/milliHQ/terraform-aws-next-js/issues/247 (integrations) and
https://github.com/github-aws-runners/terraform-aws-github-runner/pull/3000 (authorizers).
"""

from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import ApiGatewayV2Backend


class ConflictError(APIGatewayV2Error):
    """As AWS has it: status 409, `ConflictException`."""

    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ConflictException", message)


def correct() -> None:
    """Integrations and authorizers are deleted under the routes that need them."""
    delete_unused_integration = ApiGatewayV2Backend.delete_integration
    delete_unused_authorizer = ApiGatewayV2Backend.delete_authorizer

    def delete_integration(self: ApiGatewayV2Backend, api_id: str, integration_id: str) -> None:
        target = f"integrations/{integration_id}"
        if users := [route.route_id for route in self.get_routes(api_id) if route.target == target]:
            raise ConflictError(
                "Cannot delete Integration because it is referenced by the following Routes with Ids: "
                f"[{', '.join(sorted(users))}]"
            )
        delete_unused_integration(self, api_id, integration_id)

    def delete_authorizer(self: ApiGatewayV2Backend, api_id: str, authorizer_id: str) -> None:
        users = [route.route_key for route in self.get_routes(api_id) if route.authorizer_id == authorizer_id]
        if users:
            name = self.get_authorizer(api_id, authorizer_id).name
            raise ConflictError(f"Cannot delete authorizer '{name}', is referenced in route: {min(users)}")
        delete_unused_authorizer(self, api_id, authorizer_id)

    ApiGatewayV2Backend.delete_integration = delete_integration  # type: ignore[method-assign]
    ApiGatewayV2Backend.delete_authorizer = delete_authorizer  # type: ignore[method-assign]
