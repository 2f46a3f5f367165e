"""Where providers come from."""

from pathlib import Path

import pytest

from toolchain.deploy.cli_config import find_mirror, write_cli_config
from toolchain.errors import TerraformError

_AWS = "registry.terraform.io/hashicorp/aws"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A directory with the AWS provider, of which only names count here."""
    (tmp_path / "mirror" / _AWS / "5.100.0").mkdir(parents=True)
    return tmp_path / "mirror"


def written(environ: dict[str, str], tmp_path: Path) -> str:
    path = write_cli_config({"HOME": str(tmp_path / "home"), **environ}, tmp_path / "cache")
    assert path.is_relative_to(tmp_path / "cache")
    return path.read_text()


def test_named_mirror_gives_what_it_holds_and_the_registry_the_rest(mirror: Path, tmp_path: Path) -> None:
    assert written({"TF_PLUGIN_MIRROR": str(mirror)}, tmp_path) == (
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f'    path    = "{mirror}"\n'
        f'    include = ["{_AWS}"]\n'
        "  }\n"
        "  direct {\n"
        f'    exclude = ["{_AWS}"]\n'
        "  }\n"
        "}\n"
    )


def test_settings_of_the_user_are_kept(mirror: Path, tmp_path: Path) -> None:
    """But where providers come from is what TF_PLUGIN_MIRROR says, for this run."""
    own = tmp_path / "own.tfrc"
    own.write_text('provider_installation {\n  direct {}\n}\ncredentials "x" {\n  token = "y"\n}\n')
    text = written({"TF_CLI_CONFIG_FILE": str(own), "TF_PLUGIN_MIRROR": str(mirror)}, tmp_path)
    assert text.count("provider_installation") == 1
    assert 'credentials "x"' in text
    assert str(mirror) in text


def test_installation_of_the_user_stays_when_no_mirror_is_named(mirror: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.tfrc"
    own.write_text("provider_installation {\n  direct {}\n}\n")
    text = written({"TF_CLI_CONFIG_FILE": str(own), "TF_PLUGIN_CACHE_DIR": str(mirror)}, tmp_path)
    assert str(mirror) not in text


def test_file_that_is_not_there_is_no_reason_to_stop(mirror: Path, tmp_path: Path) -> None:
    environ = {"TF_CLI_CONFIG_FILE": "/nowhere.tfrc", "TF_PLUGIN_MIRROR": str(mirror)}
    assert str(mirror) in written(environ, tmp_path)


@pytest.mark.parametrize("place", [".terraform.d/plugins", ".local/share/terraform/plugins"])
def test_mirror_in_a_usual_place(place: str, tmp_path: Path) -> None:
    (tmp_path / place / _AWS).mkdir(parents=True)
    assert find_mirror({"HOME": str(tmp_path)}) == tmp_path / place


def test_empty_mirror_is_none(tmp_path: Path) -> None:
    """It would only keep Terraform from the registry."""
    (tmp_path / ".terraform.d" / "plugins" / "registry.terraform.io").mkdir(parents=True)
    assert find_mirror({"HOME": str(tmp_path)}) != tmp_path / ".terraform.d" / "plugins"


def test_named_mirror_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(TerraformError) as error:
        find_mirror({"TF_PLUGIN_MIRROR": str(tmp_path)})
    assert str(error.value) == (
        f"TF_PLUGIN_MIRROR is {tmp_path}, which holds no registry.terraform.io; name its parent"
    )
