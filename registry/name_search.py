"""One spelling of a child's name to search and to sort by, kept with the child.

It has no case, accent, apostrophe or punctuation, so that every database, page, file and phone finds and
sorts alike. It is stored, since neither database takes an accent off by itself, and Python would have to read
every child for a search. The phone does the same (``children.js``): tests/data/names.json.
"""

from __future__ import annotations

from registry.growth.cells.text import APOSTROPHES, plain

SORT_LENGTH = 120


def sort_name(name: str) -> str:
    """Return a name in the spelling by which children are sorted: capitals and digits."""
    return plain(name)[:SORT_LENGTH]


def search_words(name: str, parent: str) -> str:
    """Return the words of both names to look in, with an apostrophe once as nothing and once as a blank."""
    words = (word for text in (name, parent) for spelling in spellings_of(text) for word in spelling)
    return " ".join(dict.fromkeys(words))


def spellings_of(text: str) -> list[list[str]]:
    """Return the words of a text, and those with an apostrophe as a blank; as written in other letters."""
    return [plain(one).split() or text.lower().split() for one in (text, APOSTROPHES.sub(" ", text))]


def matches_search(words: str, text: str) -> bool:
    """Return whether each word of ``text`` is in ``words`` (:func:`search_words`), in any order."""
    return any(all(part in words for part in spelling) for spelling in spellings_of(text))
