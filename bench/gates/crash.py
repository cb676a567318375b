"""A short crash drill: 20 strikes from a fixed seed; nothing lost, nothing twice, nothing torn.

    python -m bench.gates.crash

See `bench/drills/crash.py`, which strikes as often as it is asked to.
"""

from __future__ import annotations

import sys

from bench.drills.crash import main

if __name__ == "__main__":
    sys.exit(main(["--strikes", "20", "--seed", "8", "--pages", "40"]))
