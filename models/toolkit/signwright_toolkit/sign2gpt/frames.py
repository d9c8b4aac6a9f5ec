"""What the tower sees: every second frame of the rendered shards and of the held-out videos."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

from ..frames import Shard
from ..heldout import records
from ..video import read_video
from .config import VisionConfig
from .vision import VisionTransformer, seen_pixels

STRIDE = 2


@dataclass
class SignClip:
    """One clip: class tokens of its selected frames [selected, width], labels, and where its frames are."""

    id: str
    tokens: torch.Tensor
    text: str
    signs: list[tuple[str, int, int]]
    frames: np.ndarray | None = field(default=None, repr=False)


def stored_frames(path: Path, config: VisionConfig) -> np.ndarray:
    """Selected frames of a file as the data set stores them: Pillow's bicubic, aspect ratio ignored."""
    edge = (config.stored, config.stored)
    frames = list(read_video(path))[::STRIDE]
    return np.stack([np.asarray(Image.fromarray(frame).resize(edge, Image.Resampling.BICUBIC)) for frame in frames])


@torch.no_grad()
def class_tokens(tower: VisionTransformer, frames: np.ndarray, config: VisionConfig, batch: int = 128) -> torch.Tensor:
    """[selected, stored, stored, 3] uint8 -> [selected, width]."""
    tower.eval()
    parts = [tower(seen_pixels(frames[k : k + batch], config)) for k in range(0, len(frames), batch)]
    return torch.cat(parts)


def training_clips(shards: list[Shard], start: int = 0) -> list[SignClip]:
    """All training clips with their pictures on disk; `start` 0 or 1 chooses the even or the odd frames."""
    clips = []
    for shard in shards:
        for number, record in enumerate(shard.clips):
            frames = shard.spatial[shard.offsets[number] + start : shard.offsets[number + 1] : STRIDE]
            clips.append(SignClip(record["id"], torch.zeros(0), record["text"], record["signs"], frames))
    return clips


def heldout_clips(folder: Path, split: str, config: VisionConfig) -> list[SignClip]:
    """Clips of a split with frames that were decoded from their files."""
    cv2.setNumThreads(1)
    return [
        SignClip(r["id"], torch.zeros(0), r["text"], r["signs"], stored_frames(folder / f"{r['id']}.mp4", config))
        for r in records(folder, split)
    ]


def fill_tokens(clips: list[SignClip], tower: VisionTransformer, config: VisionConfig, log=print) -> None:
    """Class tokens of every clip by the tower as it is now."""
    for number, clip in enumerate(clips):
        clip.tokens = class_tokens(tower, np.asarray(clip.frames), config)
        if number % 500 == 499:
            log(f"class tokens {number + 1}/{len(clips)}")
