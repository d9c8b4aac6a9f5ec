"""A small German weather-forecast grammar: glosses in signing order and the matching sentence.

Gloss order decides word order (whichever of time and place is signed first stands before the
verb), so a sentence is a function of its glosses and can be recovered from the signing alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

TIMES = {
    "MONTAG": "am montag",
    "DIENSTAG": "am dienstag",
    "MITTWOCH": "am mittwoch",
    "DONNERSTAG": "am donnerstag",
    "FREITAG": "am freitag",
    "SAMSTAG": "am samstag",
    "SONNTAG": "am sonntag",
    "HEUTE": "heute",
    "MORGEN": "morgen",
    "NACHT": "in der nacht",
    "ABEND": "am abend",
    "WOCHENENDE": "am wochenende",
}
PLACES = {
    "NORD": "im norden",
    "SUED": "im süden",
    "WEST": "im westen",
    "OST": "im osten",
    "MITTE": "in der mitte",
    "KUESTE": "an der küste",
    "BERG": "in den bergen",
    "ALPEN": "an den alpen",
}
ADJECTIVES = {
    "TROCKEN": "trocken",
    "NASS": "nass",
    "WARM": "warm",
    "KALT": "kalt",
    "MILD": "mild",
    "FREUNDLICH": "freundlich",
    "WECHSELHAFT": "wechselhaft",
    "BEWOELKT": "bewölkt",
}
NUMBERS = {
    "ZAHL-5": "fünf",
    "ZAHL-10": "zehn",
    "ZAHL-15": "fünfzehn",
    "ZAHL-20": "zwanzig",
    "ZAHL-25": "fünfundzwanzig",
}


@dataclass(frozen=True)
class Predicate:
    """A verb with its subject: `verb` stands second, `middle` after it, `tail` last (separable part)."""

    glosses: tuple[str, ...]
    verb: str
    middle: str
    tail: str = ""


@dataclass(frozen=True)
class Sentence:
    """Glosses in signing order and the German text, lower case, ending in " ."."""

    glosses: tuple[str, ...]
    text: str


def _fixed_predicates() -> list[Predicate]:
    return [
        Predicate(("SONNE", "SCHEINEN"), "scheint", "die sonne"),
        Predicate(("GEWITTER", "GEBEN"), "gibt es", "gewitter"),
        Predicate(("GEWITTER", "STARK", "GEBEN"), "gibt es", "starke gewitter"),
        Predicate(("NEBEL", "GEBEN"), "gibt es", "nebel"),
        Predicate(("FROST", "GEBEN"), "gibt es", "frost"),
        Predicate(("FROST", "STARK", "GEBEN"), "gibt es", "starken frost"),
        Predicate(("WIND", "STARK"), "weht", "ein starker wind"),
        Predicate(("WIND", "SCHWACH"), "weht", "ein schwacher wind"),
        Predicate(("WIND", "AUFFRISCHEN"), "frischt", "der wind", "auf"),
        Predicate(("WIND", "NACHLASSEN"), "lässt", "der wind", "nach"),
        Predicate(("STURM", "NACHLASSEN"), "lässt", "der sturm", "nach"),
        Predicate(("REGEN", "NACHLASSEN"), "lässt", "der regen", "nach"),
        Predicate(("NEBEL", "AUFLOESEN"), "löst sich", "der nebel", "auf"),
        Predicate(("WOLKE", "AUFLOESEN"), "lösen sich", "die wolken", "auf"),
        Predicate(("WOLKE", "ABZIEHEN"), "ziehen", "die wolken", "ab"),
        Predicate(("REGEN", "ABZIEHEN"), "zieht", "der regen", "ab"),
        Predicate(("TIEF", "ABZIEHEN"), "zieht", "das tief", "ab"),
        Predicate(("TIEF", "KOMMEN"), "kommt", "ein tief"),
        Predicate(("HOCH", "KOMMEN"), "kommt", "ein hoch"),
        Predicate(("STURM", "KOMMEN"), "kommt", "ein sturm"),
        Predicate(("WOLKE", "VIEL", "KOMMEN"), "kommen", "viele wolken"),
    ]


def _built_predicates() -> list[Predicate]:
    built = []
    for gloss, noun in (("REGEN", "regen"), ("SCHNEE", "schnee")):
        built.append(Predicate((gloss, "FALLEN"), "fällt", noun))
        built.append(Predicate((gloss, "VIEL", "FALLEN"), "fällt", f"viel {noun}"))
        built.append(Predicate((gloss, "WENIG", "FALLEN"), "fällt", f"wenig {noun}"))
    for gloss, word in ADJECTIVES.items():
        built.append(Predicate((gloss, "BLEIBEN"), "bleibt es", word))
        built.append(Predicate((gloss, "WERDEN"), "wird es", word))
    for gloss, word in NUMBERS.items():
        rise = f"die temperatur auf {word} grad"
        built.append(Predicate(("TEMPERATUR", "STEIGEN", gloss, "GRAD"), "steigt", rise))
        built.append(Predicate(("TEMPERATUR", "SINKEN", gloss, "GRAD"), "sinkt", rise))
    return built


PREDICATES = _fixed_predicates() + _built_predicates()


def _clause(rng: random.Random, adverbials: list[tuple[str, str]]) -> tuple[list[str], str]:
    """One verb-second clause; the first adverbial takes the place before the verb."""
    predicate = rng.choice(PREDICATES)
    (first_gloss, front), rest = adverbials[0], adverbials[1:]
    words = [front, predicate.verb, *(text for _, text in rest), predicate.middle, predicate.tail]
    glosses = [first_gloss, *(gloss for gloss, _ in rest), *predicate.glosses]
    return glosses, " ".join(word for word in words if word)


def _adverbials(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """`count` of time and place (one each at most), in random order."""
    chosen = [rng.choice(list(TIMES.items())), rng.choice(list(PLACES.items()))]
    rng.shuffle(chosen)
    return chosen[:count]


def make_sentence(rng: random.Random) -> Sentence:
    """Draws a sentence of one or two clauses (3 to 10 signs)."""
    shape = rng.random()
    if shape < 0.7:
        glosses, text = _clause(rng, _adverbials(rng, 2))
    elif shape < 0.85:
        glosses, text = _clause(rng, _adverbials(rng, 1))
    else:
        glosses, text = _two_clauses(rng)
    return Sentence(tuple(glosses), f"{text} .")


def _two_clauses(rng: random.Random) -> tuple[list[str], str]:
    first_glosses, first = _clause(rng, _adverbials(rng, 1))
    if rng.random() < 0.5:
        then_glosses, then = _clause(rng, [("DANN", "dann")])
        return first_glosses + then_glosses, f"{first} und {then}"
    second_glosses, second = _clause(rng, _adverbials(rng, 1))
    return [*first_glosses, "UND", *second_glosses], f"{first} und {second}"


def all_glosses() -> list[str]:
    """Every gloss that the grammar can produce, sorted."""
    names = {*TIMES, *PLACES, "UND", "DANN"}
    for predicate in PREDICATES:
        names.update(predicate.glosses)
    return sorted(names)


def split_sentences(seed: int, sizes: dict[str, int]) -> dict[str, list[Sentence]]:
    """Distinct sentences per split: no text and no gloss sequence occurs twice anywhere."""
    rng = random.Random(seed)
    seen: set[str] = set()
    splits: dict[str, list[Sentence]] = {}
    for split, size in sizes.items():
        chosen: list[Sentence] = []
        while len(chosen) < size:
            sentence = make_sentence(rng)
            if sentence.text not in seen:
                seen.add(sentence.text)
                chosen.append(sentence)
        splits[split] = chosen
    return splits
