"""Draws one hand with its fingers."""

from __future__ import annotations

import math

import numpy as np

from .canvas import Canvas, darker, lighter, rounded
from .choreography import FACING, FINGERS, SPREAD, THUMB, TURN

PALM_LENGTH, PALM_WIDTH = 0.058, 0.060
# Index to little finger: place across the palm, place along it, length, radius.
_DIGITS = (
    (-0.0225, 0.057, 0.052, 0.0084),
    (-0.0075, 0.061, 0.059, 0.0088),
    (0.0075, 0.059, 0.054, 0.0084),
    (0.0215, 0.052, 0.042, 0.0074),
)
_FAN = (-0.30, -0.09, 0.12, 0.34)


class _Frame:
    """Maps hand coordinates (x across, thumb side negative; y towards the finger tips) to the picture."""

    def __init__(self, wrist, hand: np.ndarray, mirror: bool, size: float) -> None:
        self.wrist = np.asarray(wrist)
        self.size = size
        side = -1.0 if mirror else 1.0
        turn = float(hand[TURN]) * side
        # A signer's right palm facing us has its thumb towards the body's axis; its back away from it.
        across = -float(np.clip(hand[FACING], -1, 1)) * side
        self.width = across if abs(across) > 0.35 else math.copysign(0.35, across or 1.0)
        self.cos, self.sin = math.cos(turn), math.sin(turn)

    def __call__(self, x: float, y: float) -> np.ndarray:
        x, y = x * self.width * self.size, y * self.size
        return self.wrist + np.array([x * self.cos + y * self.sin, x * self.sin - y * self.cos])


def draw_hand(canvas: Canvas, wrist, hand: np.ndarray, skin, mirror: bool, size: float) -> None:
    """`hand` [HAND_FIELDS]; `wrist` in picture heights; `mirror` for the second hand."""
    frame = _Frame(wrist, hand, mirror, size)
    fingers = hand[FINGERS]
    palm_seen = hand[FACING] > 0
    tone = lighter(skin, 0.10) if palm_seen else skin
    if palm_seen:
        _palm(canvas, frame, tone, size)
        for index in (3, 2, 1, 0):
            _finger(canvas, frame, index, float(fingers[index + 1]), float(hand[SPREAD]), tone, size, palm_seen)
        _thumb(canvas, frame, float(fingers[0]), float(hand[THUMB]), tone, size)
    else:
        _thumb(canvas, frame, float(fingers[0]), float(hand[THUMB]), tone, size)
        for index in (3, 2, 1, 0):
            _finger(canvas, frame, index, float(fingers[index + 1]), float(hand[SPREAD]), tone, size, palm_seen)
        _palm(canvas, frame, tone, size)
        _knuckles(canvas, frame, tone, size)


def _palm(canvas: Canvas, frame: _Frame, skin, size: float) -> None:
    half = PALM_WIDTH / 2
    outline = rounded(
        np.array(
            [
                frame(-0.021, -0.008),
                frame(-half - 0.001, 0.018),
                frame(-half - 0.001, 0.047),
                frame(-0.025, 0.067),
                frame(0.0, 0.070),
                frame(0.024, 0.064),
                frame(half + 0.001, 0.046),
                frame(half, 0.016),
                frame(0.020, -0.008),
            ]
        )
    )
    centre = outline.mean(0)
    canvas.polygon(centre + (outline - centre) * 1.09, darker(skin, 0.62))
    canvas.shaded_polygon(
        outline, frame(0.0, 0.04) + np.array([-0.006, -0.008]) * size, darker(skin, 0.16), lighter(skin, 0.12), 4, 0.6
    )


def _knuckles(canvas: Canvas, frame: _Frame, skin, size: float) -> None:
    for x, y, _, radius in _DIGITS:
        canvas.ellipse(frame(x, y - 0.004), (radius * 0.46 * size, radius * 0.34 * size), darker(skin, 0.15))


def _bone(canvas: Canvas, start, end, radius: float, skin) -> None:
    canvas.capsule(start, end, radius + 0.0026, radius * 0.92 + 0.0026, darker(skin, 0.62))
    canvas.capsule(start, end, radius, radius * 0.92, darker(skin, 0.08))
    shift = np.array([-0.28, -0.34]) * radius
    canvas.capsule(np.asarray(start) + shift, np.asarray(end) + shift, radius * 0.5, radius * 0.46, lighter(skin, 0.16))


def _finger(
    canvas: Canvas, frame: _Frame, index: int, extension: float, spread: float, skin, size: float, palm_seen: bool
) -> None:
    """A straight finger is one bone; a bent one foreshortens; a folded one lies on the palm."""
    x, y, length, radius = _DIGITS[index]
    angle = _FAN[index] * spread + 0.02 * (index - 1.5)
    radius *= size
    reach = length * (0.30 + 0.70 * extension)
    along = np.array([math.sin(angle), math.cos(angle)])
    base = frame(x, y)
    if extension > 0.8:
        _bone(canvas, base, frame(x + along[0] * reach, y + along[1] * reach), radius, skin)
        return
    knuckle_at = reach * 0.62 + 0.004
    knuckle = frame(x + along[0] * knuckle_at, y + along[1] * knuckle_at)
    _bone(canvas, base, knuckle, radius, skin)
    if palm_seen:
        curl = knuckle_at - 0.030 * (1 - extension) + 0.012 * extension
        _bone(canvas, knuckle, frame(x * 0.92 + along[0] * curl, y + curl), radius * 0.95, darker(skin, 0.06))


def _thumb(canvas: Canvas, frame: _Frame, extension: float, opening: float, skin, size: float) -> None:
    angle = -(0.12 + 1.05 * opening)
    length = 0.030 + 0.026 * extension
    radius = 0.0098 * size
    base_x, base_y = -0.020, 0.018
    middle = (base_x - 0.012 + math.sin(angle) * length * 0.45, base_y + math.cos(angle) * length * 0.5)
    if opening < 0.25:
        # Beside or across the palm: the tip turns inwards as the thumb folds.
        tip = (middle[0] + 0.030 * (0.75 - extension), middle[1] + length * 0.55)
    else:
        tip = (middle[0] + math.sin(angle) * length * 0.6, middle[1] + math.cos(angle) * length * 0.6)
    _bone(canvas, frame(base_x, base_y), frame(*middle), radius * 1.08, skin)
    _bone(canvas, frame(*middle), frame(*tip), radius * 0.92, skin)
