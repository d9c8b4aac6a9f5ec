"""The invented signs. They are modelled on no sign language; each differs from every other in
hand shape, place, movement or use of the second hand."""

from __future__ import annotations

from dataclasses import dataclass

# Wrist positions of the dominant hand relative to the body's axis, in picture heights.
PLACES_ON_BODY = {
    "chest": (-0.075, 0.64),
    "centre": (-0.05, 0.58),
    "side": (-0.225, 0.585),
    "high": (-0.20, 0.40),
    "top": (-0.19, 0.245),
    "temple": (-0.165, 0.315),
    "chin": (-0.085, 0.455),
    "cross": (0.045, 0.56),
    "low": (-0.13, 0.75),
    "belly": (-0.04, 0.715),
}


@dataclass(frozen=True)
class Sign:
    """A sign: hand shape, place, movement.

    `angle` is the direction of the movement in degrees (0 towards the second hand, 90 down),
    `amount` its size in picture heights, `cycles` its repetitions; `turn` rotates the hand from
    pointing up (positive: towards the body's axis, degrees); `facing` 1 shows the palm, -1 the
    back. `second` is None, "mirror", "alternate" or the hand shape of a still second hand.
    """

    shape: str
    place: str
    move: str = "hold"
    angle: float = 0.0
    amount: float = 0.10
    cycles: float = 1.0
    turn: float = 10.0
    facing: float = 1.0
    end: str | None = None
    second: str | None = None
    beats: float = 1.0


SIGNS = {
    # days
    "MONTAG": Sign("fist", "high", "line", 90, 0.12),
    "DIENSTAG": Sign("index", "high", "line", 90, 0.12),
    "MITTWOCH": Sign("two", "high", "line", 90, 0.12, facing=-1),
    "DONNERSTAG": Sign("three", "high", "zigzag", 90, 0.14, 2),
    "FREITAG": Sign("ell", "high", "circle", 0, 0.06, 1.5),
    "SAMSTAG": Sign("why", "high", "twist", 0, 40, 2),
    "SONNTAG": Sign("flat", "chest", "line", -90, 0.10, second="mirror", turn=25),
    # times
    "HEUTE": Sign("flat", "low", "tap", 90, 0.05, 2, turn=75, second="mirror", facing=-1),
    "MORGEN": Sign("thumb", "temple", "line", 180, 0.11, turn=5),
    "NACHT": Sign("flat", "high", "line", 35, 0.15, second="mirror", turn=60, facing=-1),
    "ABEND": Sign("bunch", "high", "arc", 60, 0.16, turn=40, facing=-1),
    "WOCHENENDE": Sign("why", "chest", "line", 180, 0.10, second="mirror", turn=15),
    # regions
    "NORD": Sign("two", "centre", "line", -90, 0.22, facing=-1),
    "SUED": Sign("two", "centre", "line", 90, 0.18, turn=150),
    "WEST": Sign("three", "centre", "line", 180, 0.18, turn=-60),
    "OST": Sign("pinky", "centre", "line", 0, 0.16, turn=70),
    "MITTE": Sign("index", "centre", "tap", 90, 0.06, 2, turn=120, second="flat"),
    "KUESTE": Sign("flat", "belly", "wave", 0, 0.20, 2, turn=75, facing=-1, second="fist"),
    "BERG": Sign("fist", "chest", "arc", 0, 0.20, turn=20, second="fist"),
    "ALPEN": Sign("claw", "side", "zigzag", 0, 0.17, 2.5, turn=15),
    # weather
    "SONNE": Sign("bunch", "top", "open", 0, 0.03, end="five", turn=25),
    "REGEN": Sign("four", "high", "pulse", 90, 0.13, 2, turn=165, second="mirror", facing=-1),
    "SCHNEE": Sign("five", "high", "wiggle", 90, 0.16, 2, turn=160, second="mirror", facing=-1),
    "WIND": Sign("flat", "high", "sweep", 0, 0.20, 1.5, second="mirror", turn=20),
    "GEWITTER": Sign("index", "top", "zigzag", 70, 0.24, 2, turn=35, second="alternate"),
    "NEBEL": Sign("five", "temple", "circle", 0, 0.05, 1.5, second="mirror", turn=25),
    "FROST": Sign("claw", "chest", "shake", 0, 0.03, 3, second="mirror", turn=15),
    "STURM": Sign("fist", "high", "circle", 0, 0.08, 2, second="alternate", turn=5),
    "WOLKE": Sign("claw", "top", "wave", 180, 0.10, 1.5, second="mirror", turn=30),
    "TEMPERATUR": Sign("index", "cross", "pulse", -90, 0.12, 1.5, turn=20, second="flat", facing=-1),
    "HOCH": Sign("ell", "centre", "line", -90, 0.20, second="mirror", turn=5),
    "TIEF": Sign("ell", "chest", "line", 90, 0.14, second="mirror", turn=140),
    # verbs
    "SCHEINEN": Sign("five", "top", "line", 65, 0.16, turn=130, facing=-1),
    "FALLEN": Sign("two", "centre", "arc", 75, 0.16, turn=110, facing=-1),
    "GEBEN": Sign("flat", "chest", "arc", 20, 0.14, turn=45, facing=1),
    "AUFFRISCHEN": Sign("ring", "side", "circle", 0, 0.07, 2, turn=0),
    "NACHLASSEN": Sign("five", "centre", "open", 90, 0.14, end="fist", second="mirror", turn=60),
    "AUFLOESEN": Sign("bunch", "chest", "open", 180, 0.12, end="five", second="mirror", turn=20),
    "ABZIEHEN": Sign("horns", "cross", "arc", 180, 0.30, turn=-20),
    "BLEIBEN": Sign("why", "belly", "tap", 90, 0.06, 2, turn=70, facing=-1),
    "WERDEN": Sign("ring", "chest", "arc", 180, 0.16, turn=15),
    "STEIGEN": Sign("two", "low", "zigzag", -90, 0.22, 2, turn=15, second="flat"),
    "SINKEN": Sign("flat", "centre", "line", 90, 0.20, turn=80, facing=-1),
    "KOMMEN": Sign("index", "side", "line", 10, 0.20, turn=55, facing=-1, second="mirror"),
    # qualities
    "TROCKEN": Sign("index", "chin", "line", 0, 0.10, turn=35, facing=-1),
    "NASS": Sign("bunch", "chin", "pulse", 90, 0.08, 2, turn=10),
    "WARM": Sign("claw", "chin", "circle", 0, 0.035, 1.5, turn=20, facing=-1),
    "KALT": Sign("fist", "centre", "shake", 0, 0.035, 4, second="mirror", turn=30),
    "MILD": Sign("flat", "cross", "circle", 0, 0.05, 1.5, turn=45, facing=-1),
    "FREUNDLICH": Sign("thumb", "centre", "arc", -45, 0.13, second="mirror", turn=10),
    "WECHSELHAFT": Sign("vee", "side", "twist", 0, 60, 2, turn=0),
    "BEWOELKT": Sign("claw", "temple", "line", 0, 0.12, turn=30, second="alternate"),
    "STARK": Sign("fist", "side", "pulse", -60, 0.13, 1, second="mirror", turn=-10),
    "SCHWACH": Sign("four", "side", "wiggle", 90, 0.10, 2, turn=100, facing=-1),
    "VIEL": Sign("bunch", "belly", "open", -135, 0.16, end="five", second="mirror", turn=-15),
    "WENIG": Sign("pinky", "side", "shake", 0, 0.025, 3, turn=0),
    # numbers and links
    "ZAHL-5": Sign("five", "side", "hold", 0, 0, beats=0.85),
    "ZAHL-10": Sign("five", "side", "tap", 90, 0.05, 1, second="mirror"),
    "ZAHL-15": Sign("four", "side", "twist", 0, 35, 2),
    "ZAHL-20": Sign("vee", "high", "line", 180, 0.09, turn=0),
    "ZAHL-25": Sign("vee", "high", "open", 180, 0.09, end="five", turn=0),
    "GRAD": Sign("ring", "high", "circle", 0, 0.03, 1.5, turn=10),
    "UND": Sign("horns", "chest", "circle", 0, 0.05, 1, turn=30, beats=0.8),
    "DANN": Sign("ell", "side", "arc", 0, 0.16, turn=40, facing=-1, beats=0.85),
}
