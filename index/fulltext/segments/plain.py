"""Pickles of Whoosh's files, read without trust: numbers, texts and tuples, never a class or a call."""

from __future__ import annotations

import codecs
import pickle
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("_codecs", "encode"):  # bytes, as stock Whoosh's protocol 2 has them
            return codecs.encode
        raise pickle.UnpicklingError(f"{module}.{name} has no place in an index")


def load_plain(data: bytes | memoryview) -> Any:
    """The value at the beginning of the data; raises `pickle.UnpicklingError` for anything else."""
    return _PlainUnpickler(BytesIO(data)).load()


def load_plain_head(data: bytes | memoryview) -> tuple[Any, int]:
    """The value at the beginning of the data, and how many bytes it took."""
    file = BytesIO(data)
    return _PlainUnpickler(file).load(), file.tell()


def load_plain_many(parts: Sequence[bytes]) -> Iterator[Any]:
    """One value of each part, which must be a whole pickle: less dear than one by one."""
    load = _PlainUnpickler(BytesIO(b"".join(parts))).load
    for _ in parts:
        yield load()
