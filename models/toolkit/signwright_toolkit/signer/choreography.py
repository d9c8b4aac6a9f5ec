"""From glosses to motion: a hand pose for every frame, with holds and co-articulation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .handshapes import HAND_SHAPES, HandShape
from .lexicon import PLACES_ON_BODY, SIGNS, Sign
from .movement import offset_at

# One hand: x, y (wrist, picture heights from the body's axis; the second hand in mirrored
# coordinates), turn (radians), facing, five finger extensions, spread, thumb.
HAND_FIELDS = 11
X, Y, TURN, FACING, FINGERS, SPREAD, THUMB = 0, 1, 2, 3, slice(4, 9), 9, 10


@dataclass(frozen=True)
class Interval:
    """A sign in a clip; `first` and `last` are frame numbers, both included."""

    gloss: str
    first: int
    last: int


@dataclass
class Performance:
    """`hands` [frames, 2, HAND_FIELDS]: dominant hand, second hand; `intervals`: the signs."""

    hands: np.ndarray
    intervals: list[Interval]


@dataclass(frozen=True)
class Manner:
    """How one signer signs: tempo (1 = normal), size of movements, scatter of places (picture heights)."""

    tempo: float = 1.0
    size: float = 1.0
    scatter: float = 0.006


def _hand(place: tuple[float, float], shape: HandShape, turn: float, facing: float) -> np.ndarray:
    return np.array([*place, turn, facing, *shape.fingers, shape.spread, shape.thumb])


REST = _hand((-0.115, 0.895), HAND_SHAPES["rest"], math.radians(40), -1.0)


def _blend_shapes(start: HandShape, end: HandShape, weight: float) -> HandShape:
    fingers = tuple(a + (b - a) * weight for a, b in zip(start.fingers, end.fingers))
    return HandShape(
        fingers, start.spread + (end.spread - start.spread) * weight, start.thumb + (end.thumb - start.thumb) * weight
    )


def _moving_hand(sign: Sign, phase: float, manner: Manner, mirror_sweep: bool) -> np.ndarray:
    offset = offset_at(sign, phase)
    shape = HAND_SHAPES[sign.shape]
    if sign.end is not None:
        shape = _blend_shapes(shape, HAND_SHAPES[sign.end], offset.blend)
    x, y = PLACES_ON_BODY[sign.place]
    side = -1.0 if mirror_sweep else 1.0
    hand = _hand(
        (x + side * offset.dx * manner.size, y + offset.dy * manner.size),
        shape,
        math.radians(sign.turn) + side * offset.turn,
        sign.facing,
    )
    if offset.wiggle is not None:
        waves = np.sin(offset.wiggle + np.arange(5) * 1.3)
        hand[FINGERS] = np.clip(hand[FINGERS] * (0.72 + 0.28 * waves), 0, 1)
    return hand


def _still_hand(shape: str) -> np.ndarray:
    """The second hand as a base below the dominant one."""
    return _hand((-0.03, 0.73), HAND_SHAPES[shape], math.radians(72), -1.0)


def _sign_poses(sign: Sign, frames: int, manner: Manner) -> tuple[np.ndarray, bool]:
    """[frames, 2, HAND_FIELDS] and whether the second hand takes part."""
    poses = np.empty((frames, 2, HAND_FIELDS))
    for index in range(frames):
        phase = index / max(1, frames - 1)
        poses[index, 0] = _moving_hand(sign, phase, manner, mirror_sweep=False)
        if sign.second is None:
            poses[index, 1] = REST
        elif sign.second == "mirror":
            poses[index, 1] = _moving_hand(sign, phase, manner, mirror_sweep=sign.move == "sweep")
        elif sign.second == "alternate":
            poses[index, 1] = _moving_hand(sign, (phase + 0.5) % 1.0, manner, mirror_sweep=False)
        else:
            poses[index, 1] = _still_hand(sign.second)
    if sign.second == "alternate":
        # The wrapped phase jumps once; soften it so that the second hand glides back.
        poses[:, 1] = _smooth(poses[:, 1], 1.2)
    return poses, sign.second is not None


def _transition(start: np.ndarray, end: np.ndarray, frames: int) -> np.ndarray:
    """Minimum-jerk glide from one [2, HAND_FIELDS] pose to another, ends excluded."""
    phase = (np.arange(frames) + 1) / (frames + 1)
    weight = phase**3 * (10 - 15 * phase + 6 * phase**2)
    return start + (end - start) * weight[:, None, None]


def _smooth(values: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian filter along the first axis with repeated ends."""
    radius = int(3 * sigma) + 1
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.concatenate([np.repeat(values[:1], radius, 0), values, np.repeat(values[-1:], radius, 0)])
    return sum(weight * padded[k : k + len(values)] for k, weight in enumerate(kernel))


def _transition_frames(start: np.ndarray, end: np.ndarray, tempo: float) -> int:
    distance = float(np.hypot(end[:, X] - start[:, X], end[:, Y] - start[:, Y]).max())
    return max(3, round((3.0 + 10.0 * distance) / tempo))


def perform(glosses: tuple[str, ...], manner: Manner, rng: np.random.Generator) -> Performance:
    """Signs the glosses from rest to rest at 25 frames a second."""
    rest = np.stack([REST, REST])
    pieces = [np.repeat(rest[None], int(rng.integers(3, 6)), 0)]
    spans: list[tuple[str, int, int]] = []
    length = len(pieces[0])
    for gloss in glosses:
        sign = SIGNS[gloss]
        frames = round((12.0 + rng.uniform(-1.5, 1.5)) * sign.beats / manner.tempo)
        poses, two_handed = _sign_poses(sign, max(9, frames), manner)
        scatter = rng.normal(0, manner.scatter, (2, 2))
        poses[:, 0, :2] += scatter[0]
        poses[:, :, TURN] += rng.normal(0, 0.07)
        if two_handed:
            poses[:, 1, :2] += 0.6 * scatter[0] + 0.4 * scatter[1]
        hold = np.repeat(poses[-1:], int(rng.integers(1, 3)), 0)
        poses = np.concatenate([poses, hold])
        glide = _transition(pieces[-1][-1], poses[0], _transition_frames(pieces[-1][-1], poses[0], manner.tempo))
        first = length + len(glide)
        spans.append((gloss, first, first + len(poses) - 1))
        pieces += [glide, poses]
        length = first + len(poses)
    pieces.append(_transition(pieces[-1][-1], rest, _transition_frames(pieces[-1][-1], rest, manner.tempo)))
    pieces.append(np.repeat(rest[None], int(rng.integers(3, 6)), 0))
    hands = _smooth(np.concatenate(pieces), 0.9)
    hands[:, :, :2] += _drift(len(hands), rng)
    return Performance(hands, [Interval(*span) for span in spans])


def _drift(frames: int, rng: np.random.Generator) -> np.ndarray:
    """Slow unsteadiness of both wrists, [frames, 2, 2], about 3 thousandths of the picture."""
    noise = rng.normal(0, 1, (frames, 2, 2))
    smooth = _smooth(noise, 5.0)
    return 0.003 * smooth / max(1e-6, float(smooth.std()))
