"""Zips what `sam build` left with SAM's own code; run by sam.py, with the Python that SAM is installed in."""

import sys
from pathlib import Path

from samcli.lib.package.utils import make_zip_with_lambda_permissions  # type: ignore[import-not-found]


def main(built: Path, zips: Path) -> None:
    zips.mkdir(exist_ok=True)
    for directory in sorted(path for path in built.iterdir() if path.is_dir()):
        make_zip_with_lambda_permissions(str(zips / directory.name), str(directory))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
