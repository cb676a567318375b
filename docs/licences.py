"""Prints docs/licences.md: every package that pressclip brings with it, and its licence.

`python docs/licences.py > docs/licences.md`, in an environment that has the extras.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata, requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DEVELOPMENT = frozenset({"test", "dev", "bench"})  # extras that no user installs
LONGEST = 60  # characters of a licence's name; what is longer is a licence's text
UNSAID = {"chardetng-py": "MIT"}  # in its repository alone
# How packages of before SPDX say the same.
PLAIN = {
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "BSD License": "BSD",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD-3": "BSD-3-Clause",
    "MIT License": "MIT",
    "MIT Licence": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Zope Public License": "ZPL-2.1",
    "ZPL 2.1": "ZPL-2.1",
    "Python Software Foundation License": "PSF-2.0",
}


def page() -> str:
    """The page as Markdown."""
    packages = dict(sorted(_packages("pressclip").items()))
    lines = [
        "# Licences",
        "",
        "Pressclip is under Apache-2.0. It brings these packages with it; those of an extra come only",
        "with `pip install 'pressclip[EXTRA]'`. `.ci/pack/run` writes the same, with versions, as an SBOM",
        "(CycloneDX).",
        "",
        "| package | licence | comes with |",
        "|---|---|---|",
    ]
    lines += [
        f"| {name} | {_licence(name, metadata(name))} | {', '.join(sorted(extras)) or 'pressclip'} |"
        for name, extras in packages.items()
    ]
    return "\n".join(lines) + "\n"


def _packages(name: str) -> dict[str, set[str]]:
    """Every package under one, with the extras that it comes with; none for what is always there."""
    found: dict[str, set[str]] = {one: set() for one in _under(name, "", set())}
    always = frozenset(found)
    for extra in metadata(name).get_all("Provides-Extra") or []:
        if extra not in DEVELOPMENT:
            for package in set(_under(name, extra, set())) - always:
                found.setdefault(package, set()).add(extra)
    return found


def _under(name: str, extra: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    for line in requires(name) or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        if extra and requirement.marker is None:
            continue  # what the package needs without the extra
        package = canonicalize_name(requirement.name)
        try:
            metadata(package)
        except PackageNotFoundError:
            continue  # another system's, or another Python's
        wanted = {(package, ""), *((package, one) for one in requirement.extras)} - seen
        seen |= wanted
        if package != name:
            yield package
        for _, one in wanted:
            yield from _under(package, one, seen)


def _licence(name: str, about: Message) -> str:
    """The licence as the package states it: SPDX expression, field or classifier."""
    expression = about.get("License-Expression") or ""
    if expression:
        return expression
    stated = " ".join((about.get("License") or "").split())
    classified = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved ::")
    ]
    if stated and len(stated) <= LONGEST:
        return PLAIN.get(stated, stated)
    return " or ".join(PLAIN.get(one, one) for one in classified) or UNSAID.get(name, "unknown")


if __name__ == "__main__":
    sys.stdout.write(page())
