"""Per-document values of a segment in Whoosh's column formats: numbers, and names by reference."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import byteorder

_CODES = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"))


@dataclass(frozen=True, slots=True)
class NameColumn:
    """One name a document, as a number into the distinct names (`whoosh.columns.RefBytesColumn`)."""

    numbers: Sequence[int]
    names: tuple[str, ...]

    def __getitem__(self, document: int) -> str:
        return self.names[self.numbers[document]]


def encode_numbers(values: Iterable[int], code: str) -> bytes:
    """The file of a `whoosh.columns.NumericColumn` of that typecode."""
    return _swap(array(code, values)).tobytes()


def decode_numbers(data: bytes, code: str, count: int, default: int) -> array[int]:
    """The numbers of all documents; those after the last written row have the default."""
    numbers = array(code)
    numbers.frombytes(data)
    _swap(numbers)
    if len(numbers) < count:
        numbers.extend([default] * (count - len(numbers)))
    return numbers


def encode_names(values: Iterable[str]) -> bytes:
    """The file of a `whoosh.columns.RefBytesColumn`; more than 65,535 names take four bytes each."""
    numbers: dict[str, int] = {"": 0}
    rows = [numbers.setdefault(value, len(numbers)) for value in values]
    code = next(code for bound, code in _CODES if len(numbers) <= bound)
    parts = [_swap(array(code, rows)).tobytes(), encode_varint(len(numbers))]
    for name in numbers:
        data = name.encode()
        parts += (encode_varint(len(data)), data)
    parts.append(code.encode())
    return b"".join(parts)


def decode_names(data: bytes, count: int) -> NameColumn:
    """The names of all documents."""
    code = chr(data[-1])
    numbers = array(code)
    size = count * numbers.itemsize
    numbers.frombytes(data[:size])
    return NameColumn(_swap(numbers), _read_names(data, size))


def _read_names(data: bytes, position: int) -> tuple[str, ...]:
    total, position = _read_varint(data, position)
    names = []
    for _ in range(total):
        length, position = _read_varint(data, position)
        names.append(data[position : position + length].decode())
        position += length
    return tuple(names)


def _swap(numbers: array[int]) -> array[int]:
    """The same array with the bytes of its numbers turned, as Whoosh's files are big-endian."""
    if byteorder == "little":
        numbers.byteswap()
    return numbers


def encode_varint(number: int) -> bytes:
    """A number as Whoosh writes lengths: seven bits a byte, the least first."""
    data = bytearray()
    while number > 127:
        data.append(number & 127 | 128)
        number >>= 7
    data.append(number)
    return bytes(data)


def _read_varint(data: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[position]
        position += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, position
        shift += 7
