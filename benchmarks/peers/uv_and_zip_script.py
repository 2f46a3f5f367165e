"""`uv pip install --target` and zip, for each function of a plan; run by uv_and_zip.py.

zlib level 6 through Python's zipfile: on the machine this was written on it takes 0.36 s for a package
that Debian's `zip -6` takes 0.43 s for, and it does not have to be started once per function.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

_LEVEL = 6


def main(plan: Path) -> None:
    content = json.loads(plan.read_text())
    make = partial(package, Path(content["root"]), Path(content["output"]))
    if content["processes"] == 1:
        for name in content["names"]:
            make(name)
    else:
        with ProcessPoolExecutor(content["processes"]) as pool:
            list(pool.map(make, content["names"]))


def package(root: Path, output: Path, name: str) -> None:
    """Make `output`/name.zip of a function's requirements, lib/ and the function itself."""
    directory = output / name
    shutil.rmtree(directory, ignore_errors=True)
    install(root / "functions" / name / "requirements.txt", directory)
    with zipfile.ZipFile(output / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        add(archive, directory, directory)
        add(archive, root, root / "lib")
        add(archive, root, root / "functions" / name)


def install(requirements: Path, directory: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    options = ("--quiet", "--python", sys.executable, "--target", directory, "--requirements", requirements)
    subprocess.run([uv, "pip", "install", *options], check=True)


def add(archive: zipfile.ZipFile, root: Path, directory: Path) -> None:
    """Add the files below a directory, named relative to `root`."""
    for folder, _, files in os.walk(directory):
        for file in files:
            path = Path(folder, file)
            archive.write(path, path.relative_to(root))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
