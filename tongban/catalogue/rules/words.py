"""How Chinese text is searched: pairs of neighbouring characters, widened by words that mean the same.

A two-character query is one pair, so it is found by the index; a trigram index would not serve it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

Groups = Sequence[Sequence[str]]

_RUNS = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
MOST_QUERY = 60
WEIGHTS = "ABCD"


def terms(text: str) -> list[str]:
    """Pairs of Chinese characters, a lone character as itself, and whole words of Latin letters and digits."""
    found: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if _HAN.match(run) and len(run) > 1:
            found.extend(run[index : index + 2] for index in range(len(run) - 1))
        else:
            found.append(run)
    return list(dict.fromkeys(found))


def widened(text: str, groups: Groups) -> str:
    """The other words of every group of which a word occurs in the text."""
    return " ".join(word for group in groups if any(name in text for name in group) for word in group)


def vector(texts: Iterable[str], groups: Groups) -> str:
    """A PostgreSQL tsvector as text: the first text weighs A, then B, C, D; same meanings one step less."""
    places: dict[str, str] = {}
    for position, text in enumerate(texts):
        for level, source in ((position, text), (position + 1, widened(text, groups))):
            weight = WEIGHTS[min(level, len(WEIGHTS) - 1)]
            for term in terms(source):
                places.setdefault(term, weight)
    return " ".join(f"'{term}':{index}{weight}" for index, (term, weight) in enumerate(sorted(places.items()), 1))


def queries(text: str) -> tuple[str, str] | None:
    """Two PostgreSQL tsqueries as text: all terms, and any of them. None when the text holds nothing to search."""
    found = terms(text[:MOST_QUERY])
    if not found:
        return None
    quoted = [f"'{term}':*" if len(term) == 1 else f"'{term}'" for term in found]
    return " & ".join(quoted), " | ".join(quoted)
