"""What the AWS endpoint loads before the first request."""

import gzip
import itertools
import json
import subprocess
import sys

import botocore.session
import pytest
from moto.utilities import utils

from toolchain.local.aws.fidelity.regions import endpoint_prefix, regions_of
from toolchain.local.aws.moto_app import MotoApp

_PROGRAM = """
import sys
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
print("moto.ec2" in sys.modules)
import moto.rds.models
print(vars(moto.rds.models.DBInstance)["endpoint"].fget.__module__)
"""


def test_moto_ec2_is_loaded_when_it_is_needed() -> None:
    """It would take half a second of every start. What is loaded late is corrected none the less."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "toolchain.local.aws.fidelity.rds"]


_LISTENING = """
import sys
from tests.integration.aws.test_listening import Told
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.listening import listening
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
with listening(Told()):
    print("moto.rds" in sys.modules)
    from moto.rds.models import RDSBackend
    print(hasattr(RDSBackend.create_db_instance, "__wrapped__"))
print(hasattr(RDSBackend.create_db_instance, "__wrapped__"))
"""


def test_who_listens_loads_nothing() -> None:
    """What is loaded later tells all the same; and nobody once listening has ended."""
    done = subprocess.run([sys.executable, "-c", _LISTENING], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False", "True", "False"]


_POLICIES = """
from moto.iam.models import iam_backends
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
account = iam_backends["123456789012"]
backends = [account[partition] for partition in ("aws", "aws-cn", "aws-us-gov")]
print(["managed_policies" in vars(backend) for backend in backends])
print([len(backend.managed_policies) > 1000 for backend in backends])
"""


def test_the_managed_policies_of_aws_are_made_on_demand_in_one_partition() -> None:
    """Those of all would take 50 MB, and half a second of the first request, which is hardly one to IAM."""
    done = subprocess.run([sys.executable, "-c", _POLICIES], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[False, False, False]", "[True, False, False]"]


_POLICIES_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from moto.iam.models import iam_backends
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
backend, start = iam_backends["123456789012"]["aws"], Barrier(6)
document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
def make(number):
    start.wait()
    return backend.create_policy("", "/", document, f"policy-{number}", []).arn
with ThreadPoolExecutor(6) as threads:
    made = set(threads.map(make, range(6)))
print(len(made & backend.managed_policies.keys()), len(backend.managed_policies) > 1000)
"""


def test_policies_that_are_made_at_once_are_kept() -> None:
    """Terraform makes ten at a time, and the first request finds that AWS's own are not there yet."""
    command = [sys.executable, "-c", _POLICIES_AT_ONCE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["6 True"]


def test_lists_of_moto_are_read_as_they_are(moto_app: MotoApp) -> None:
    """Compressed or not, by another reader of JSON."""
    assert callable(moto_app)
    assert utils.load_resource.__module__ == "toolchain.local.aws.fidelity.resources"
    for name in ("ec2/resources/instance_types.json", "ec2/resources/amis.json"):
        try:
            text = gzip.decompress(utils.load_resource_as_bytes(f"{name}.gz"))
        except FileNotFoundError:
            text = utils.load_resource_as_bytes(name)
        assert utils.load_resource(name) == json.loads(text)


@pytest.mark.parametrize("service", ["apigatewayv2", "cloudwatch", "cognito-idp", "ec2", "iam", "s3"])
def test_regions_are_those_that_botocore_has(service: str) -> None:
    """Found without the model of the service."""
    session = botocore.session.Session()
    prefix = session.get_service_data(service)["metadata"]["endpointPrefix"]
    assert endpoint_prefix(service) == prefix
    partitions = session.get_available_partitions()
    regions = [session.get_available_regions(service, partition) for partition in partitions]
    assert regions_of(prefix) == list(itertools.chain.from_iterable(regions))


_REGIONS = """
from moto.core.base_backend import AccountSpecificBackend
from moto.sqs.models import sqs_backends
from toolchain.local.aws.fidelity import Corrections
from toolchain.local.aws.moto_app import MotoApp
MotoApp(Corrections())
print("eu-west-1" in sqs_backends["123456789012"].regions)
print(AccountSpecificBackend.get_session.cache_info().currsize)
"""


def test_moto_keeps_no_session_for_its_regions() -> None:
    """That would keep the endpoints of all services, 7 MB."""
    done = subprocess.run([sys.executable, "-c", _REGIONS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True", "0"]


def test_service_that_botocore_does_not_have() -> None:
    assert endpoint_prefix("no-such-service") is None
    assert regions_of("no-such-service") == []
