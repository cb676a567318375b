"""A short soak: five visits of a desk, two strikes at each; the end equals that of an undisturbed desk.

    python -m bench.gates.soak

See `bench/drills/soak.py`, which runs for as many visits as it is asked to.
"""

from __future__ import annotations

import sys

from bench.drills.soak import main

if __name__ == "__main__":
    sys.exit(main(["--visits", "5", "--strikes", "2", "--seed", "3"]))
