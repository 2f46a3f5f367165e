"""What zizmor and check-jsonschema report, as findings."""

from toolchain.scan.findings import Finding
from toolchain.scan.workflows import parse_schema_errors, parse_zizmor

ZIZMOR = {
    "ident": "unpinned-uses",
    "desc": "unpinned action reference",
    "ignored": False,
    "locations": [
        {"symbolic": {"kind": "Related"}},
        {
            "symbolic": {"kind": "Primary", "key": {"Local": {"verbatim_path": ".github/workflows/a.yml"}}},
            "concrete": {"location": {"start_point": {"row": 13, "column": 10}}},
        },
    ],
}


def test_zizmor() -> None:
    """Its rows count from 0; what a comment in the file accepts is no finding."""
    found = Finding("zizmor/unpinned-uses", ".github/workflows/a.yml:14", "unpinned action reference")
    assert list(parse_zizmor([ZIZMOR, {**ZIZMOR, "ignored": True}])) == [found]


def test_schema() -> None:
    """A file that breaks the schema, and one that is no YAML."""
    report = {
        "errors": [{"filename": "a.yml", "path": "$.jobs", "message": "'on' is a required property"}],
        "parse_errors": [{"filename": "b.yml", "message": "Failed to parse b.yml"}],
    }
    assert [str(each) for each in parse_schema_errors(report)] == [
        "a.yml: $.jobs: 'on' is a required property [schema]",
        "b.yml: $: Failed to parse b.yml [schema]",
    ]
    assert list(parse_schema_errors({"status": "ok", "errors": []})) == []
