"""Tags of domain names and stages.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/tags-resource-arn.html
"""

import re
from collections.abc import Iterable
from typing import Any

from moto.apigatewayv2.models import ApiGatewayV2Backend
from moto.apigatewayv2.responses import ApiGatewayV2Response

_DOMAIN = re.compile(r"/domainnames/(?P<name>[^/]+)$")
_STAGE = re.compile(r"/apis/(?P<api>[^/]+)/stages/(?P<name>[^/]+)$")
_PATHS = (
    "domainnames/(?P<resource_arn_pt2>[^/]+)$",
    "apis/(?P<api>[^/]+)/stages/(?P<resource_arn_pt2>[^/]+)$",
)


def correct() -> None:
    """Only APIs and VPC links have tags that can be changed: the next plan finds the others as they were."""
    tag, untag = ApiGatewayV2Backend.tag_resource, ApiGatewayV2Backend.untag_resource

    def tag_resource(self: ApiGatewayV2Backend, resource_arn: str, tags: dict[str, str]) -> None:
        tag(self, resource_arn, tags)
        for found in _tags_of(self, resource_arn):
            found.update(tags)

    def untag_resource(self: ApiGatewayV2Backend, resource_arn: str, tag_keys: list[str]) -> None:
        untag(self, resource_arn, tag_keys)
        for found in _tags_of(self, resource_arn):
            for key in tag_keys:
                found.pop(key, None)

    ApiGatewayV2Backend.tag_resource = tag_resource  # type: ignore[method-assign]
    ApiGatewayV2Backend.untag_resource = untag_resource  # type: ignore[method-assign]


def add_paths(url_paths: dict[str, Any]) -> None:
    """The paths of moto's that these ARNs have, with their slashes."""
    for path in _PATHS:
        url_paths["{0}/v2/tags/(?P<resource_arn_pt1>[^/]+)/" + path] = ApiGatewayV2Response.dispatch


def _tags_of(backend: ApiGatewayV2Backend, arn: str) -> Iterable[dict[str, str]]:
    if domain := _DOMAIN.search(arn):
        yield backend.get_domain_name(domain["name"]).tags
    if stage := _STAGE.search(arn):
        yield backend.get_stage(stage["api"], stage["name"]).tags
