"""Thin faces of packages: a name comes from its module when it is first asked for (PEP 562).

To import one part of a package runs the package's own file first. Were all its names imported there, a
search would pay for modules that it never uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def load_on_demand(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package; `modules` are names separated by blanks, by the module they are in.

    The same names are under `TYPE_CHECKING` beside it, for type checkers and readers.
    """
    homes = {name: module for module, names in modules.items() for name in names.split()}

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return find
