"""Pseudo-glosses of the weather sentences, by the rule of Sign2GPT section 3.2, and the signs behind them.

The grammar's few words are tagged by hand here, by the guidelines of Universal Dependencies for German.
"""

from __future__ import annotations

from collections import Counter

KEPT = {"NOUN", "NUM", "ADV", "PRON", "PROPN", "ADJ", "VERB"}

_NOUNS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonntag nacht abend wochenende norden süden westen osten"
    " mitte küste alpen sonne gewitter nebel frost wind sturm regen schnee tief hoch temperatur grad"
)
_ADJECTIVES = "trocken nass warm kalt mild freundlich wechselhaft bewölkt"
_NUMBERS = "fünf zehn fünfzehn zwanzig fünfundzwanzig"
_DROPPED = {
    "ADP": "am im in an auf ab nach",
    "DET": "der die das den ein viel viele wenig",
    "CCONJ": "und",
    "AUX": "wird",
    "PUNCT": ".",
}
_OTHER = {
    "bergen": ("berg", "NOUN"),
    "wolken": ("wolke", "NOUN"),
    "heute": ("heute", "ADV"),
    "morgen": ("morgen", "ADV"),
    "dann": ("dann", "ADV"),
    "es": ("es", "PRON"),
    "sich": ("sich", "PRON"),
    "starke": ("stark", "ADJ"),
    "starken": ("stark", "ADJ"),
    "starker": ("stark", "ADJ"),
    "schwacher": ("schwach", "ADJ"),
    "scheint": ("scheinen", "VERB"),
    "gibt": ("geben", "VERB"),
    "weht": ("wehen", "VERB"),
    "frischt": ("frischen", "VERB"),
    "lässt": ("lassen", "VERB"),
    "löst": ("lösen", "VERB"),
    "lösen": ("lösen", "VERB"),
    "zieht": ("ziehen", "VERB"),
    "ziehen": ("ziehen", "VERB"),
    "kommt": ("kommen", "VERB"),
    "kommen": ("kommen", "VERB"),
    "fällt": ("fallen", "VERB"),
    "bleibt": ("bleiben", "VERB"),
    "steigt": ("steigen", "VERB"),
    "sinkt": ("sinken", "VERB"),
}

LEXICON: dict[str, tuple[str, str]] = {
    **{word: (word, "NOUN") for word in _NOUNS.split()},
    **{word: (word, "ADJ") for word in _ADJECTIVES.split()},
    **{word: (word, "NUM") for word in _NUMBERS.split()},
    **{word: (word, tag) for tag, words in _DROPPED.items() for word in words.split()},
    **_OTHER,
}
"""Word form -> lemma and part of speech."""

SIGN_OF = {
    **{word: word.upper() for word in _ADJECTIVES.split()},
    **{word: word.upper() for word in "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()},
    **{word: word.upper() for word in "nacht abend wochenende mitte alpen sonne gewitter nebel frost wind".split()},
    **{word: word.upper() for word in "sturm regen schnee tief hoch temperatur grad berg wolke heute morgen".split()},
    **{word: word.upper() for word in "dann stark schwach scheinen geben kommen fallen bleiben steigen sinken".split()},
    "norden": "NORD",
    "süden": "SUED",
    "westen": "WEST",
    "osten": "OST",
    "küste": "KUESTE",
    "bewölkt": "BEWOELKT",
    "fünf": "ZAHL-5",
    "zehn": "ZAHL-10",
    "fünfzehn": "ZAHL-15",
    "zwanzig": "ZAHL-20",
    "fünfundzwanzig": "ZAHL-25",
    "frischen": "AUFFRISCHEN",
    "lassen": "NACHLASSEN",
    "lösen": "AUFLOESEN",
    "ziehen": "ABZIEHEN",
}
"""Pseudo-gloss -> the sign that means it. "es", "sich" and "wehen" have none."""


def pseudo_glosses(sentence: str) -> list[str]:
    """Lemmas of the kept parts of speech, in spoken order, repeats included."""
    tagged = (LEXICON[word] for word in sentence.split())
    return [lemma for lemma, tag in tagged if tag in KEPT]


def counted(sentences: list[str]) -> Counter[str]:
    """How often each pseudo-gloss occurs."""
    return Counter(gloss for sentence in sentences for gloss in pseudo_glosses(sentence))


def vocabulary(sentences: list[str]) -> dict:
    """The three dictionaries of `processed_words.*_pkl`; ids in alphabetical order."""
    counts = counted(sentences)
    return {
        "dict_sentence": {sentence: pseudo_glosses(sentence) for sentence in sentences},
        "dict_lem_to_id": {gloss: number for number, gloss in enumerate(sorted(counts))},
        "dict_lem_counter": dict(counts),
    }


def too_frequent(words: dict, limit: float) -> set[str]:
    """Pseudo-glosses that leave the targets: occurrences over distinct sentences at or above `limit`."""
    sentences = len(words["dict_sentence"])
    return {gloss for gloss, count in words["dict_lem_counter"].items() if count / sentences >= limit}
