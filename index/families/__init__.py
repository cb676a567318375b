"""Families: who carried whose text. Copies, excerpts and expanded forms, placed one by one.

`place`, `leave` and `remove` keep the tables of `DDL` up to date inside the store's transaction; the other
functions read them.
"""

from index.families.placing import leave, place, remove
from index.families.reading import (
    ExtractionFault,
    Link,
    Member,
    extraction_faults,
    family_of,
    links,
    members,
)
from index.families.schema import DDL

__all__ = [
    "DDL",
    "ExtractionFault",
    "Link",
    "Member",
    "extraction_faults",
    "family_of",
    "leave",
    "links",
    "members",
    "place",
    "remove",
]
