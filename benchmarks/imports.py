"""How long each handler of this repository takes to import: `.venv/bin/python benchmarks/imports.py`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the checkout, not the script's directory
    from benchmarks.comparison import main

    main([*sys.argv[1:], "--peers", "none", "--questions", "handlers"])
