"""Reserved concurrency: what an account has, and what AWS keeps of it."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws.in_process import Aws


def test_account_tells_what_is_not_reserved(aws: Aws) -> None:
    client = aws.client("lambda")
    for name, reserved in (("one", 25), ("two", 0)):
        aws.function(name)
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    aws.function("three")
    settings = client.get_account_settings()
    assert settings["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert settings["AccountLimit"]["UnreservedConcurrentExecutions"] == 975
    assert settings["AccountUsage"]["FunctionCount"] == 3


def test_a_hundred_are_never_reserved(aws: Aws) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html ."""
    client = aws.client("lambda")
    for name in ("one", "two"):
        aws.function(name)
    client.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=800)
    client.put_function_concurrency(FunctionName="one", ReservedConcurrentExecutions=850)
    with pytest.raises(ClientError) as refused:
        client.put_function_concurrency(FunctionName="two", ReservedConcurrentExecutions=51)
    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": "Specified ReservedConcurrentExecutions for function decreases account's "
        "UnreservedConcurrentExecution below its minimum value of [100].",
    }
    client.put_function_concurrency(FunctionName="two", ReservedConcurrentExecutions=50)
    assert client.get_account_settings()["AccountLimit"]["UnreservedConcurrentExecutions"] == 100
