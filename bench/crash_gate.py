"""A short crash drill: 20 strikes from a fixed seed; nothing lost, nothing twice, nothing torn.

    python bench/crash_gate.py

See `bench/crash_drill.py`, which strikes as often as it is asked to.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # also when it is run by its path

from bench.crash_drill import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(["--strikes", "20", "--seed", "8", "--pages", "40"]))
