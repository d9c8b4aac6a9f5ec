"""Movement paths of signs: how far hand and fingers are from the sign's place at a given phase."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .lexicon import Sign


@dataclass
class Offset:
    """Displacement in picture heights, extra turn in radians, blend to the end hand shape (0..1)
    and the phase of wiggling fingers in radians (None: fingers are still)."""

    dx: float = 0.0
    dy: float = 0.0
    turn: float = 0.0
    blend: float = 0.0
    wiggle: float | None = None


def _ease(phase: float) -> float:
    return phase * phase * (3 - 2 * phase)


def _along(sign: Sign, distance: float, sideways: float = 0.0) -> Offset:
    angle = math.radians(sign.angle)
    cos, sin = math.cos(angle), math.sin(angle)
    return Offset(distance * cos - sideways * sin, distance * sin + sideways * cos)


def _line(sign: Sign, phase: float) -> Offset:
    return _along(sign, sign.amount * (_ease(min(1.0, phase * 1.15)) - 0.35))


def _pulse(sign: Sign, phase: float) -> Offset:
    swing = 0.5 - 0.5 * math.cos(2 * math.pi * sign.cycles * phase)
    return _along(sign, sign.amount * (swing - 0.3))


def _tap(sign: Sign, phase: float) -> Offset:
    return _along(sign, sign.amount * abs(math.sin(math.pi * sign.cycles * phase)))


def _arc(sign: Sign, phase: float) -> Offset:
    eased = _ease(phase)
    return _along(sign, sign.amount * (eased - 0.5), -0.42 * sign.amount * math.sin(math.pi * eased))


def _circle(sign: Sign, phase: float) -> Offset:
    angle = 2 * math.pi * sign.cycles * phase
    return Offset(sign.amount * math.sin(angle), -sign.amount * math.cos(angle))


def _zigzag(sign: Sign, phase: float) -> Offset:
    sideways = 0.045 * math.asin(math.sin(2 * math.pi * sign.cycles * phase)) * 2 / math.pi
    return _along(sign, sign.amount * (phase - 0.5), sideways)


def _wave(sign: Sign, phase: float) -> Offset:
    return _along(sign, sign.amount * (phase - 0.5), 0.03 * math.sin(2 * math.pi * sign.cycles * phase))


def _sweep(sign: Sign, phase: float) -> Offset:
    """Both hands swing to the same side: the second hand's `dx` is mirrored by the caller."""
    swing = math.sin(2 * math.pi * sign.cycles * phase)
    return Offset(0.5 * sign.amount * swing, 0.0, 0.35 * swing)


def _shake(sign: Sign, phase: float) -> Offset:
    return _along(sign, sign.amount * math.sin(2 * math.pi * sign.cycles * phase))


def _twist(sign: Sign, phase: float) -> Offset:
    return Offset(turn=math.radians(sign.amount) * math.sin(2 * math.pi * sign.cycles * phase))


def _open(sign: Sign, phase: float) -> Offset:
    offset = _along(sign, sign.amount * (_ease(phase) - 0.4))
    offset.blend = _ease(min(1.0, max(0.0, (phase - 0.2) / 0.6)))
    return offset


def _wiggle(sign: Sign, phase: float) -> Offset:
    offset = _along(sign, sign.amount * (phase - 0.4))
    offset.wiggle = 2 * math.pi * (sign.cycles + 1) * phase
    return offset


_MOVES = {
    "hold": lambda sign, phase: Offset(),
    "line": _line,
    "pulse": _pulse,
    "tap": _tap,
    "arc": _arc,
    "circle": _circle,
    "zigzag": _zigzag,
    "wave": _wave,
    "sweep": _sweep,
    "shake": _shake,
    "twist": _twist,
    "open": _open,
    "wiggle": _wiggle,
}


def offset_at(sign: Sign, phase: float) -> Offset:
    """The sign's displacement at `phase` (0 at its first frame, 1 at its last)."""
    return _MOVES[sign.move](sign, phase)
