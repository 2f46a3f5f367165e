"""The README's table of what stages cost, against what plans of the stages say."""

import json
import shutil
from collections.abc import Iterator

import pytest

from tests.integration.cognito.harness import LocalAws, serve
from tests.integration.terraform_copy import Terraform, copy_modules
from tests.terraform.functions_document import built
from toolchain.deploy import prices
from toolchain.deploy.costs import Costs, costs_of, table
from toolchain.project import Project

STAGES = ("dev", "prod")
REFERENCE = frozenset(
    {
        *("create_user", "delete_me", "get_me", "health", "list_users", "migrate_database"),
        *("purge_deleted_users", "update_me"),
    }
)


@pytest.fixture(scope="module")
def terraform(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    place = tmp_path_factory.mktemp("terraform")
    yield copy_modules(checkout, place, without_backend=True)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """An empty account, as the environment that reaches it."""
    with serve() as server:
        aws = LocalAws(server, tmp_path_factory.mktemp("cognito"))
        yield {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "TF_VAR_is_local_cloud": "true",
        }
        aws.stop()


def test_the_readmes_table_is_what_plans_of_the_stages_cost(
    checkout: Project, terraform: Terraform, endpoint: dict[str, str]
) -> None:
    """Made from the reference application and the stages, with the prices of toolchain/deploy.

    Other functions may need alarms of their own: adding one leaves the table as it is.
    """
    found = built(checkout, "shop")
    if not found["functions"].keys() >= REFERENCE:
        pytest.skip("the table is of the functions that were there at first")
    functions = {name: one for name, one in found["functions"].items() if name in REFERENCE}
    document = json.dumps({**found, "functions": functions})
    (terraform.directory / "functions.json").write_text(document, encoding="utf-8")
    expected = table({stage: _costs(terraform, stage, endpoint) for stage in STAGES})
    readme = (checkout.root / "README.md").read_text(encoding="utf-8")
    assert expected in readme, f"the README lacks this table:\n{expected}"
    assert f"list prices of {prices.REGION} as of {prices.AS_OF}" in readme


def _costs(terraform: Terraform, stage: str, endpoint: dict[str, str]) -> Costs:
    plan = f"{stage}.tfplan"
    files = (f"-var-file=stages/{stage}.tfvars", "-var=functions_file=functions.json")
    planned = terraform.run(
        *("plan", "-no-color", "-input=false", f"-out={plan}", *files), workspace=stage, more=endpoint
    )
    assert planned.returncode == 0, planned.stderr
    shown = terraform.run("show", "-json", plan, workspace=stage)
    return costs_of(json.loads(shown.stdout))
