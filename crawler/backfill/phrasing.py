"""A story's query in the words of services that know terms, phrases, OR and brackets, and little more."""

from __future__ import annotations

from index.query import And, Near, Node, Or, Phrase, Typo, Wildcard, Word

_SHORTEST_WORD = 4  # letters that stand for a wildcard


def clauses(node: Node, joint: str = " ") -> list[str]:
    """Clauses of which each may meet the query: a term, or terms that must stand together, by `joint`.

    What a service cannot say is asked more widely: words near each other in one text, a form for a
    wildcard; a `not` and filters are left out. What comes is judged by the query itself.
    """
    match node:
        case Word(text) | Typo(text) | Phrase(text):
            return [_term(text)]
        case Wildcard(pattern):
            letters = max(pattern.split("*"), key=len)
            return [_term(letters)] if len(letters) >= _SHORTEST_WORD else []
        case Or(parts):
            return [one for part in parts for one in clauses(part, joint)]
        case And(parts) | Near(parts):
            sides = [found for part in parts if (found := clauses(part, joint))]
            simple = [[one for one in side if f"{joint}(" not in one] for side in sides]
            return [joint.join(map(either, simple))] if simple and all(simple) else []
        case _:
            return []


def either(terms: list[str]) -> str:
    """Any of several terms."""
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _term(text: str) -> str:
    plain = " ".join(text.replace('"', " ").split())
    return f'"{plain}"' if " " in plain or not plain.isalnum() else plain
