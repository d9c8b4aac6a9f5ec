"""A whole clip: sentence, signer, camera and room, reproducible from one seed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..text.grammar import Sentence, split_sentences
from .canvas import Canvas
from .choreography import Manner, Performance, perform
from .figure import FaceState, Framing, draw_signer
from .looks import LOOKS, Look, background

FPS = 25


@dataclass(frozen=True)
class Clip:
    """Everything needed to draw a clip again."""

    id: str
    split: str
    sentence: Sentence
    look: Look
    framing: Framing
    manner: Manner
    room: tuple[str, int]
    seed: int

    def performance(self) -> Performance:
        """The motion of the hands and the sign boundaries."""
        return perform(self.sentence.glosses, self.manner, np.random.default_rng(self.seed))


def make_clip(split: str, index: int, sentence: Sentence, seed: int) -> Clip:
    """Draws signer, camera and room for one sentence."""
    own_seed = zlib.crc32(f"{seed}/{split}/{index}".encode())
    rng = np.random.default_rng(own_seed)
    framing = Framing(
        rng.uniform(1.0, 1.11), (rng.uniform(-0.025, 0.025), rng.uniform(-0.005, 0.02)), rng.uniform(1.22, 1.34)
    )
    manner = Manner(rng.uniform(0.88, 1.14), rng.uniform(0.88, 1.12), rng.uniform(0.003, 0.008))
    room = (str(rng.choice(["plain", "gradient", "studio"])), int(rng.integers(0, 6)))
    look = LOOKS[int(rng.integers(len(LOOKS)))]
    return Clip(f"{split}-{index + 1:04d}", split, sentence, look, framing, manner, room, own_seed)


def make_clips(seed: int, sizes: dict[str, int]) -> dict[str, list[Clip]]:
    """All clips of a corpus; no sentence occurs in two of them."""
    splits = split_sentences(seed, sizes)
    return {
        split: [make_clip(split, index, sentence, seed) for index, sentence in enumerate(sentences)]
        for split, sentences in splits.items()
    }


def _faces(performance: Performance, seed: int) -> list[FaceState]:
    """Head movement, mouthing during signs, blinks."""
    frames = len(performance.hands)
    rng = np.random.default_rng(seed + 1)
    mouth, brows = np.zeros(frames), np.zeros(frames)
    for interval in performance.intervals:
        span = np.arange(interval.first, min(interval.last + 1, frames))
        syllables = 1 + zlib.crc32(interval.gloss.encode()) % 3
        mouth[span] = np.abs(np.sin(np.pi * syllables * (span - interval.first + 0.5) / len(span)))
        brows[span] = (zlib.crc32(interval.gloss.encode()) >> 3) % 3 / 2
    kernel = np.hanning(7) / np.hanning(7).sum()
    mouth, brows = np.convolve(mouth, kernel, "same"), np.convolve(brows, kernel, "same")
    eyes = np.ones(frames)
    for start in np.arange(rng.integers(5, 50), frames, 62):
        eyes[start : start + 4] = (0.5, 0.05, 0.1, 0.6)[: len(eyes[start : start + 4])]
    time = np.arange(frames) / FPS
    phase = rng.uniform(0, 6, 3)
    head_x, head_y = 0.004 * np.sin(1.9 * time + phase[0]), 0.003 * np.sin(2.7 * time + phase[1])
    follow = performance.hands[:, 0, 0] * 0.03
    sway = 0.006 * np.sin(1.1 * time + phase[2])
    return [FaceState((head_x[k] + follow[k], head_y[k]), mouth[k], brows[k], eyes[k], sway[k]) for k in range(frames)]


def frames_of(clip: Clip, size: int, performance: Performance | None = None) -> Iterator[np.ndarray]:
    """Pictures [size, size, 3] uint8 RGB of the clip, one after the other."""
    performance = performance or clip.performance()
    room = background(*clip.room, size)
    for hands, face in zip(performance.hands, _faces(performance, clip.seed)):
        canvas = Canvas(room.copy())
        draw_signer(canvas, clip.look, clip.framing, hands, face)
        yield canvas.pixels
