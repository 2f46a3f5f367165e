"""Files from elsewhere: with which login, and what is said of failures."""

from pathlib import Path

import pytest

from toolchain.packaging.download import credentials, download

FILE = "https://packages.example/files/users-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("environ", "login"),
    [
        ({}, None),
        ({"UV_INDEX_URL": "https://packages.example/simple"}, None),
        ({"UV_INDEX_URL": "https://aws:t%2Fo@packages.example/simple"}, ("aws", "t/o")),
        ({"UV_DEFAULT_INDEX": "https://token@packages.example/simple"}, ("token", "")),
        (
            {"UV_EXTRA_INDEX_URL": "https://a:b@other.example/simple https://c:d@packages.example/simple"},
            ("c", "d"),
        ),
        ({"UV_INDEX": "company=https://e:f@packages.example/simple/?x=y"}, ("e", "f")),
        (
            {
                "UV_INDEX": "my-company=https://packages.example/simple",
                "UV_INDEX_MY_COMPANY_USERNAME": "g",
                "UV_INDEX_MY_COMPANY_PASSWORD": "h",
            },
            ("g", "h"),
        ),
        ({"UV_INDEX_URL": "https://a:b@packages.example.evil.example/simple"}, None),
        ({"UV_INDEX_URL": "https://a:b@packages.example:8443/simple"}, None),
        ({"UV_INDEX_URL": "http://a:b@packages.example/simple"}, None),
        ({"UV_INDEX_URL": "packages.example"}, None),
    ],
)
def test_a_login_is_for_the_server_of_its_index(
    environ: dict[str, str], login: tuple[str, str] | None
) -> None:
    assert credentials(FILE, environ) == login


def test_files_of_this_machine(tmp_path: Path) -> None:
    source = tmp_path / "my wheels" / "users.whl"
    source.parent.mkdir()
    source.write_bytes(b"wheel")
    assert download(source.as_uri(), tmp_path / "to") is None
    assert (tmp_path / "to").read_bytes() == b"wheel"
    assert download(source.with_name("gone.whl").as_uri(), tmp_path / "to") == "No such file or directory"


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert download("http://127.0.0.1:1/users.whl", tmp_path / "to") == "ConnectionError"
