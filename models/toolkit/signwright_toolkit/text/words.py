"""Which sign a word of a sentence comes from: the other direction of the grammar."""

from __future__ import annotations

from .grammar import ADJECTIVES, NUMBERS, PLACES, TIMES

# Where several words translate one sign ("am montag", "lässt … nach"), the one that carries the meaning.
SIGN_OF_WORD = {
    **{text.split()[-1]: gloss for gloss, text in {**TIMES, **PLACES}.items()},
    **{text: gloss for gloss, text in {**ADJECTIVES, **NUMBERS}.items()},
    "sonne": "SONNE",
    "scheint": "SCHEINEN",
    "gewitter": "GEWITTER",
    "nebel": "NEBEL",
    "frost": "FROST",
    "wind": "WIND",
    "sturm": "STURM",
    "regen": "REGEN",
    "schnee": "SCHNEE",
    "wolken": "WOLKE",
    "tief": "TIEF",
    "hoch": "HOCH",
    "temperatur": "TEMPERATUR",
    "grad": "GRAD",
    "starke": "STARK",
    "starken": "STARK",
    "starker": "STARK",
    "schwacher": "SCHWACH",
    "viel": "VIEL",
    "viele": "VIEL",
    "wenig": "WENIG",
    "gibt": "GEBEN",
    "fällt": "FALLEN",
    "kommt": "KOMMEN",
    "kommen": "KOMMEN",
    "bleibt": "BLEIBEN",
    "wird": "WERDEN",
    "steigt": "STEIGEN",
    "sinkt": "SINKEN",
    "frischt": "AUFFRISCHEN",
    "lässt": "NACHLASSEN",
    "löst": "AUFLOESEN",
    "lösen": "AUFLOESEN",
    "zieht": "ABZIEHEN",
    "ziehen": "ABZIEHEN",
    "dann": "DANN",
}


def signed_words(words: list[str], glosses: list[str]) -> list[tuple[int, int]]:
    """Pairs (word, sign) of positions; a word that occurs twice belongs to the first and the second such sign."""
    pairs, used = [], {}
    for at, word in enumerate(words):
        gloss = SIGN_OF_WORD.get(word)
        if gloss is None:
            continue
        places = [place for place, other in enumerate(glosses) if other == gloss]
        turn = used.get(gloss, 0)
        used[gloss] = turn + 1
        if turn < len(places):
            pairs.append((at, places[turn]))
    return pairs
