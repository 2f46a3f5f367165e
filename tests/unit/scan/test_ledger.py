"""The ledger of accepted findings."""

import pytest

from toolchain.errors import ToolchainError
from toolchain.scan.checkov import parse_report
from toolchain.scan.findings import Finding
from toolchain.scan.ledger import Entry, apply, parse_ledger

FILE = "scan_ledger.yaml"


def test_an_entry_accepts_its_check_at_its_addresses() -> None:
    """Indices do not count, `*` is any text; another check or address stays a finding."""
    entry = Entry("CKV_1", "module.function.aws_lambda_function.*", "no VPC")
    accepted = Finding("CKV_1", 'module.function["a.b"].aws_lambda_function.this[0]', "x")
    others = [
        Finding("CKV_1", "module.functions.aws_lambda_function.this", "x"),
        Finding("CKV_2", "module.function.aws_lambda_function.this", "x"),
    ]
    assert apply([entry], [accepted, *others]) == (others, [])


def test_an_entry_that_accepts_nothing_is_reported() -> None:
    entry = Entry("CKV_1", "aws_vpc.this", "old")
    assert apply([entry], []) == ([], [entry])


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({}, "scan_ledger.yaml is dict; write a list of check, address, reason"),
        (["x"], "scan_ledger.yaml: entry 1 has str; write check, address, reason"),
        ([{"check": "a"}], "scan_ledger.yaml: entry 1 has check; write check, address, reason"),
        (
            [{"check": "a", "address": "b", "reason": " "}],
            "scan_ledger.yaml: entry 1 has no reason; write one",
        ),
        ([{"check": 1, "address": "b", "reason": "c"}], "scan_ledger.yaml: entry 1 has no check; write one"),
    ],
)
def test_malformed_ledgers(document: object, problem: str) -> None:
    with pytest.raises(ToolchainError) as error:
        parse_ledger(document, FILE)
    assert str(error.value) == problem


def test_report_of_checkov() -> None:
    """A failed check is a finding; a directory without resources has a summary only."""
    failed = {"check_id": "CKV_1", "resource": "aws_vpc.this", "check_name": "Ensure flow logs"}
    assert list(parse_report({"results": {"failed_checks": [failed], "parsing_errors": []}})) == [
        Finding("CKV_1", "aws_vpc.this", "Ensure flow logs")
    ]
    assert list(parse_report({"passed": 0, "failed": 0})) == []


def test_files_that_checkov_cannot_read() -> None:
    """They are not passed over."""
    with pytest.raises(ToolchainError) as error:
        list(parse_report({"results": {"failed_checks": [], "parsing_errors": ["/b.tf", "/a.tf"]}}))
    assert error.value.problems == ("checkov can't read /a.tf", "checkov can't read /b.tf")
