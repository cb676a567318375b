"""How short a text may be for its language to be told, and what script and declaration add.

    python -m bench.quality.language                own texts in 12 languages, cut short and mixed
    python -m bench.quality.language --real [DIR]   the beginnings of real articles with a known language

Compared: py3langid as it comes, lingua and langdetect where installed, and the project's rule with a
page that declares the right language, none, or English whatever it is. Mixed texts are three parts of
one language and two of English (of French, where the text is English) in turn. CPU is process time.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bench.sets.own_pages import PAGES
from bench.sets.real import EXTRACTION, is_here
from crawler.extract.language import declared_language, read_language
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup

LENGTHS = (20, 40, 80, 160, 400)
MIXED = "mixed"
ALIASES = {"nb": "no", "nn": "no", "zh-cn": "zh", "zh-tw": "zh"}

Sample = tuple[str, str]  # the text and its language
Teller = Callable[[str, str], str]


def main() -> None:
    """Prints the share of texts whose language is told, by length, for each method."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--real", type=Path, nargs="?", const=EXTRACTION, metavar="DIR")
    folder = parser.parse_args().real
    if folder and not is_here(folder):
        return
    samples = real_samples(folder) if folder else own_samples()
    print(f"{'':24}" + "".join(f"{name:>9}" for name in samples) + f"{'ms a text':>12}")
    for name, teller in tellers():
        cells, spent, count = [], 0.0, 0
        for texts in samples.values():
            started = time.process_time()
            right = sum(teller(text, language) == language for text, language in texts)
            spent += time.process_time() - started
            count += len(texts)
            cells.append(f"{right / len(texts):9.3f}")
        print(f"{name:24}{''.join(cells)}{1000 * spent / count:12.2f}")
    print("texts".ljust(24) + "".join(f"{len(texts):9}" for texts in samples.values()))


def own_samples() -> dict[str, list[Sample]]:
    """The paragraphs of the project's own articles cut to each length; and mixed ones."""
    articles = tomllib.loads((PAGES / "articles.toml").read_text(encoding="utf-8"))
    whole = [(" ".join(one["paragraphs"]), language) for language, one in articles.items()]
    samples: dict[str, list[Sample]] = {
        f"{length}": [
            (piece, language) for text, language in whole for piece in _pieces(text, length)
        ]
        for length in LENGTHS
    }
    samples[MIXED] = [
        (_mix(text, articles["fr" if language == "en" else "en"]["paragraphs"]), language)
        for text, language in whole
    ]
    return samples


def real_samples(folder: Path) -> dict[str, list[Sample]]:
    """The beginnings of the expected texts whose language is known."""
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    known = [
        (" ".join(true["body"].split()), _plain(true["language"]))
        for true in map(json.loads, lines)
        if true["language"] and true["body"]
    ]
    return {
        f"{length}": [(text[:length], language) for text, language in known] for length in LENGTHS
    }


def tellers() -> Iterator[tuple[str, Teller]]:
    """The methods by name; each takes a text, and the language that a truthful page declares."""
    stock = LanguageIdentifier.from_model_file(MODEL_FILE)
    yield "py3langid", lambda text, _: str(stock.classify(text)[0])
    yield from _peers()
    yield "pressclip, declared none", lambda text, _: tell(text, "")
    yield "pressclip, declared right", tell
    yield "pressclip, declared en", lambda text, _: tell(text, "en")
    yield "the declaration if en", lambda text, _: "en"


def tell(text: str, declared: str) -> str:
    """The language by the project's rule, of a text on a page that declares one."""
    markup = read_markup(f"<html lang='{declared}'><body></body></html>")
    if markup is None:
        return ""
    page = read_page(markup, "https://courier.example/x")
    assert declared_language(page) == declared
    return read_language(text, page)[0]


def _peers() -> Iterator[tuple[str, Teller]]:
    try:
        lingua: Any = importlib.import_module("lingua")
        detector = lingua.LanguageDetectorBuilder.from_all_languages().build()
        yield "lingua", lambda text, _: _lingua(detector, text)
    except ImportError:
        pass
    try:
        langdetect: Any = importlib.import_module("langdetect")
        langdetect.DetectorFactory.seed = 0
        yield "langdetect", lambda text, _: _langdetect(langdetect, text)
    except ImportError:
        pass


def _lingua(detector: Any, text: str) -> str:
    found = detector.detect_language_of(text)
    return _plain(found.iso_code_639_1.name.lower()) if found else ""


def _langdetect(langdetect: Any, text: str) -> str:
    try:
        return _plain(langdetect.detect(text))
    except langdetect.LangDetectException:
        return ""


def _plain(code: str) -> str:
    return ALIASES.get(code, code)


def _pieces(text: str, length: int) -> list[str]:
    """The text cut in pieces of that length, at most ten."""
    starts = range(0, max(1, len(text) - length + 1), length)
    return [text[start : start + length] for start in starts][:10]


def _mix(text: str, others: Sequence[str]) -> str:
    """Sixty characters of the text and forty of the others in turn, 400 in all."""
    other = " ".join(others)
    pairs = zip_longest(_pieces(text, 60)[:4], _pieces(other, 40)[:4], fillvalue="")
    return " ".join(chain.from_iterable(pairs))


if __name__ == "__main__":
    main()
