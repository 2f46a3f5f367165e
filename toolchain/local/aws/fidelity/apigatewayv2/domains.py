"""Custom domain names of HTTP APIs.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname.html
"""

import hashlib
import json
from typing import Any

from moto.apigatewayv2.models import ApiGatewayV2Backend, ApiMapping, DomainName
from moto.apigatewayv2.responses import ApiGatewayV2Response

# Where API Gateway's regional names are in Route 53, in eu-west-1; no name is resolved here.
_HOSTED_ZONE_ID = "ZLY8HYME6SFDD"


def correct() -> None:
    _have_a_status()
    _delete_domains_with_their_mappings()
    _update()


def _have_a_status() -> None:
    """A domain has no name to point to, and no status: the AWS provider waits for one that is AVAILABLE."""
    original = DomainName.to_json

    def to_json(self: DomainName) -> dict[str, Any]:
        found = original(self)
        region = self.domain_name_arn.split(":")[3]
        target = f"d-{hashlib.sha256(self.domain_name.encode()).hexdigest()[:10]}"
        status = {
            "apiGatewayDomainName": f"{target}.execute-api.{region}.amazonaws.com",
            "domainNameStatus": "AVAILABLE",
            "hostedZoneId": _HOSTED_ZONE_ID,
            "ipAddressType": "ipv4",
        }
        found["domainNameConfigurations"] = [{**status, **one} for one in self.domain_name_configurations]
        return {name: value for name, value in found.items() if value != {} or name == "tags"}

    DomainName.to_json = to_json  # type: ignore[method-assign]


def _delete_domains_with_their_mappings() -> None:
    """DeleteDomainName fails for a domain that still has mappings, for it changes what it walks through."""
    original = ApiGatewayV2Backend.delete_domain_name

    def delete_domain_name(self: ApiGatewayV2Backend, domain_name: str) -> None:
        for mapping in [one for one in self.api_mappings.values() if one.domain_name == domain_name]:
            del self.api_mappings[mapping.api_mapping_id]
        original(self, domain_name)

    ApiGatewayV2Backend.delete_domain_name = delete_domain_name  # type: ignore[method-assign]


def _update() -> None:
    """UpdateDomainName and UpdateApiMapping are missing."""

    def update_domain_name(self: ApiGatewayV2Response) -> tuple[int, dict[str, Any], str]:
        domain = self.apigatewayv2_backend.get_domain_name(self.path.split("/")[-1])
        wanted = json.loads(self.body)
        if "domainNameConfigurations" in wanted:
            domain.domain_name_configurations = wanted["domainNameConfigurations"]
        if "mutualTlsAuthentication" in wanted:
            domain.mutual_tls_authentication = wanted["mutualTlsAuthentication"]
        return 200, {}, json.dumps(domain.to_json())

    def update_api_mapping(self: ApiGatewayV2Response) -> tuple[int, dict[str, Any], str]:
        *_, domain_name, _, mapping_id = self.path.split("/")
        mapping: ApiMapping = self.apigatewayv2_backend.get_api_mapping(mapping_id, domain_name)
        wanted = json.loads(self.body)
        mapping.api_id = wanted.get("apiId", mapping.api_id)
        mapping.api_mapping_key = wanted.get("apiMappingKey", mapping.api_mapping_key)
        mapping.stage = wanted.get("stage", mapping.stage)
        return 200, {}, json.dumps(mapping.to_json())

    for operation in (update_domain_name, update_api_mapping):
        setattr(ApiGatewayV2Response, operation.__name__, operation)
