"""Terraform's CLI configuration: where providers come from when there is no registry to ask.

Made outside of the repository, in the user's cache; Terraform finds it by TF_CLI_CONFIG_FILE.
https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.errors import TerraformError

_HOST = "registry.terraform.io"


def write_cli_config(environ: Mapping[str, str], cache: Path) -> Path:
    """The file that Terraform is to read: the user's own settings, and the mirror if there is one.

    Raises TerraformError when TF_PLUGIN_MIRROR names no mirror, or the user's own file can't be read.
    """
    text = _own_config(environ)
    if environ.get("TF_PLUGIN_MIRROR") or "provider_installation" not in text:
        mirror = find_mirror(environ)
        if mirror:
            text = _without_installation(text) + installation(mirror)
    path = cache / "terraform" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.tfrc"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text)
    return path


def find_mirror(environ: Mapping[str, str]) -> Path | None:
    """TF_PLUGIN_MIRROR, or the first of the usual places that holds a `registry.terraform.io`.

    These are, in this order: `$TF_PLUGIN_CACHE_DIR`; Terraform's own `~/.terraform.d/plugins` and
    `~/.terraform.d/plugin-cache`, `$XDG_DATA_HOME/terraform/plugins` and the like under `/usr/local/share`
    and `/usr/share`; then any directory, or one in it, under `/opt` and `/srv`.
    """
    named = environ.get("TF_PLUGIN_MIRROR")
    if named:
        mirror = Path(named).expanduser().absolute()
        if not (mirror / _HOST).is_dir():
            raise TerraformError(f"TF_PLUGIN_MIRROR is {named}, which holds no {_HOST}; name its parent")
        return mirror
    return next((place for place in _usual_places(environ) if _is_mirror(place)), None)


def installation(mirror: Path) -> str:
    """The block that takes the mirror's providers from it, and all others from the registry.

    A provider from two sources would be looked up in both: the registry would have to answer.
    """
    held = json.dumps([f"{_HOST}/*/*"] if not _providers(mirror) else sorted(_providers(mirror)))
    return (
        "provider_installation {\n"
        f"  filesystem_mirror {{\n    path    = {json.dumps(str(mirror))}\n    include = {held}\n  }}\n"
        f"  direct {{\n    exclude = {held}\n  }}\n"
        "}\n"
    )


def _own_config(environ: Mapping[str, str]) -> str:
    """The user's file; that TF_CLI_CONFIG_FILE names one that is not there is no reason to stop."""
    home = Path(environ.get("HOME", "~")).expanduser()
    path = Path(environ.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc")
    try:
        return path.read_text(encoding="utf-8") + "\n" if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise TerraformError(
            f"{path} can't be read: {error}; mend it, or unset TF_CLI_CONFIG_FILE"
        ) from error


def _without_installation(text: str) -> str:
    """Terraform takes one such block only, and TF_PLUGIN_MIRROR was set for this run."""
    start = text.find("provider_installation")
    if start < 0:
        return text
    depth, end = 0, text.find("{", start)
    while end < len(text):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
        if depth == 0:
            break
    return text[:start] + text[end:]


def _providers(mirror: Path) -> set[str]:
    """`registry.terraform.io/hashicorp/aws` and the like."""
    return {path.relative_to(mirror).as_posix() for path in (mirror / _HOST).glob("*/*") if path.is_dir()}


def _usual_places(environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environ.get("HOME", "~")).expanduser()
    if environ.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(environ["TF_PLUGIN_CACHE_DIR"])
    yield home / ".terraform.d" / "plugins"
    yield home / ".terraform.d" / "plugin-cache"
    yield Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "terraform" / "plugins"
    yield Path("/usr/local/share/terraform/plugins")
    yield Path("/usr/share/terraform/plugins")
    yield from _below((Path("/opt"), Path("/srv")))


def _below(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield root
        yield from (path.parent for path in sorted(root.glob(f"*/{_HOST}")))
        yield from (path.parent for path in sorted(root.glob(f"*/*/{_HOST}")))


def _is_mirror(place: Path) -> bool:
    """An empty one would only keep Terraform from the registry."""
    return any((place / _HOST).glob("*/*"))
