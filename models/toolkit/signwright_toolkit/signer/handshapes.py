"""Hand shapes as finger extensions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HandShape:
    """Extension of thumb, index, middle, ring, little finger (0 folded .. 1 straight).

    `spread` fans the fingers out (0 together .. 1 wide), `thumb` turns the thumb away from the
    palm (0 beside it .. 1 at a right angle).
    """

    fingers: tuple[float, float, float, float, float]
    spread: float = 0.0
    thumb: float = 0.0


HAND_SHAPES = {
    "fist": HandShape((0.25, 0, 0, 0, 0)),
    "flat": HandShape((0.7, 1, 1, 1, 1), 0.05, 0.1),
    "five": HandShape((1, 1, 1, 1, 1), 1.0, 0.95),
    "index": HandShape((0.2, 1, 0, 0, 0)),
    "vee": HandShape((0.2, 1, 1, 0, 0), 0.9),
    "two": HandShape((0.2, 1, 1, 0, 0), 0.0),
    "ell": HandShape((1, 1, 0, 0, 0), 0.0, 1.0),
    "why": HandShape((1, 0, 0, 0, 1), 0.5, 1.0),
    "three": HandShape((0.2, 1, 1, 1, 0), 0.9),
    "pinky": HandShape((0.2, 0, 0, 0, 1), 0.2),
    "claw": HandShape((0.8, 0.55, 0.55, 0.55, 0.55), 0.8, 0.8),
    "ring": HandShape((0.7, 0.35, 1, 1, 1), 0.7, 0.5),
    "thumb": HandShape((1, 0, 0, 0, 0), 0.0, 0.75),
    "horns": HandShape((0.2, 1, 0, 0, 1), 0.4),
    "four": HandShape((0.1, 1, 1, 1, 1), 0.9),
    "bunch": HandShape((0.6, 0.45, 0.45, 0.45, 0.45), 0.0, 0.3),
    "rest": HandShape((0.7, 0.7, 0.68, 0.66, 0.62), 0.25, 0.3),
}
