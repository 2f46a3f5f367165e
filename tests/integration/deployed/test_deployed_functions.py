"""Functions that were deployed: versions, aliases and settings, each as it is configured now."""

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.integration.deployed.deployment import Deployment, answering, package
from tests.integration.deployed.stack import OTHER, Stack, build_application
from tests.integration.running_up import call


def test_versions_run_their_own_code_and_settings(deployment: Deployment, tmp_path: Path) -> None:
    """An alias means another version from the next call on."""
    stack = deployment.stack
    file = tmp_path / "answer.zip"
    file.write_bytes(answering("one"))
    first = stack.deploy_function(deployment.declared("answer"), file)
    file.write_bytes(answering("two"))
    second = stack.update_function("answer", file)
    assert (first, second) == ("1", "2")
    assert stack.invoke("answer", {}) == "one"
    assert stack.invoke("answer", {}, second) == "two"
    assert stack.invoke("answer", {}, None) == "two"
    stack.move_alias("answer", second)
    assert stack.invoke("answer", {}) == "two"
    stack.client("lambda").delete_function(FunctionName=stack.name("answer"))
    with pytest.raises(stack.client("lambda").exceptions.ResourceNotFoundException):
        stack.invoke("answer", {})


def test_moving_an_alias_fails_no_request(deployment: Deployment, tmp_path: Path) -> None:
    """There and back, with requests all the while; none is answered by a version that it can't be."""
    stack, file = deployment.stack, tmp_path / "moving.zip"
    file.write_bytes(answering("old"))
    stack.deploy_function(deployment.declared("moving"), file)
    file.write_bytes(answering("new"))
    stack.update_function("moving", file)
    results: list[object] = []
    stop = threading.Event()

    def ask() -> None:
        own = Stack(stack.record, stack.dist)
        while not stop.is_set():
            results.append(own.invoke("moving", {}))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for version in ("2", "1") * 5:
        stack.move_alias("moving", version)
        expected = {"1": "old", "2": "new"}[version]
        assert stack.invoke("moving", {}) == expected
    stop.set()
    for thread in threads:
        thread.join()
    assert set(results) == {"old", "new"}


def test_the_account_is_the_local_one_with_the_same_rights(deployment: Deployment, tmp_path: Path) -> None:
    stack, file = deployment.stack, tmp_path / "account.zip"
    file.write_bytes(
        package("import os\ndef handler(event, context):\n    return os.environ['DATABASE_USER']\n")
    )
    stack.deploy_function({**deployment.declared("account"), "database": "writer"}, file)
    assert stack.invoke("account", {}) == "app_writer"


def test_package_for_another_processor(deployment: Deployment, tmp_path: Path) -> None:
    """A clear error at the first call, and in the log; not an ImportError of some module."""
    document = build_application(tmp_path / "project", OTHER)
    stack = Stack(deployment.stack.record, tmp_path / "project" / "dist", stage="other")
    stack.deploy_function(document["functions"]["update_me"])
    answer = stack.client("lambda").invoke(FunctionName=stack.name("update_me"), LogType="Tail")
    payload = answer["Payload"].read().decode()
    assert f"the package was built for {OTHER}" in payload
    assert "invoke build --architecture" in payload
    log = stack.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{stack.name('update_me')}")
    assert f"the package was built for {OTHER}" in str(log["events"])


def test_a_name_that_runs_from_source_is_refused(deployment: Deployment) -> None:
    client = deployment.stack.client("lambda")
    with pytest.raises(client.exceptions.ClientError, match="function health runs from the checkout"):
        client.create_function(
            FunctionName="health",
            Runtime="python3.13",
            Role=deployment.stack.role,
            Handler="handler.handler",
            Code={"ZipFile": answering("mine")},
        )
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function(FunctionName="health")
    assert call(deployment.cloud.record, "GET", "/health").status_code == 200


def test_weights_of_an_alias_are_refused(deployment: Deployment, tmp_path: Path) -> None:
    """By name; without them, it means a version as before."""
    stack, file = deployment.stack, tmp_path / "weighted.zip"
    file.write_bytes(answering("one"))
    stack.deploy_function(deployment.declared("weighted"), file)
    file.write_bytes(answering("two"))
    stack.update_function("weighted", file)
    client = stack.client("lambda")
    weights: dict[str, Any] = {"AdditionalVersionWeights": {"2": 0.5}}
    alias = {"FunctionName": stack.name("weighted"), "Name": "live", "FunctionVersion": "1"}
    with pytest.raises(
        client.exceptions.ClientError, match="alias live of function app-dev-weighted has a Rou"
    ):
        client.update_alias(**alias, RoutingConfig=weights)
    assert "RoutingConfig" not in client.get_alias(FunctionName=stack.name("weighted"), Name="live")
    client.update_alias(**{**alias, "FunctionVersion": "2"}, RoutingConfig={"AdditionalVersionWeights": {}})
    assert stack.invoke("weighted", {}) == "two"


def test_throttled_and_configured_as_deployed(deployment: Deployment, tmp_path: Path) -> None:
    """Reserved concurrency, timeout and environment count when they are set."""
    stack, file = deployment.stack, tmp_path / "settings.zip"
    file.write_bytes(
        package("import os\ndef handler(event, context):\n    return os.environ.get('COLOUR')\n")
    )
    stack.deploy_function(deployment.declared("settings"), file)
    client, name = stack.client("lambda"), stack.name("settings")
    client.update_function_configuration(FunctionName=name, Environment={"Variables": {"COLOUR": "red"}})
    assert (stack.invoke("settings", {}), stack.invoke("settings", {}, None)) == (None, "red")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException):
        stack.invoke("settings", {})
    client.delete_function_concurrency(FunctionName=name)
    assert stack.invoke("settings", {}, None) == "red"
