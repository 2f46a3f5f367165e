"""Compares local servers of functions side by side: `.venv/bin/python benchmarks/gateway.py --help`.

What is asked, and what the answers mean, is in benchmarks/README.md.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # the checkout, not the script's directory
    from benchmarks.serving.comparison import main

    main(sys.argv[1:])
