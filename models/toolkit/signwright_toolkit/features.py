"""Cached features: the encoders are frozen, so every clip is encoded once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from .config import EncoderConfig
from .frames import Shard
from .heldout import decoded_pictures, records
from .model.example import Example
from .model.vision import MotionEncoder, SpatialEncoder, extract


def _example(record: dict, spatial: np.ndarray, motion: np.ndarray) -> Example:
    return Example(
        record["id"],
        torch.from_numpy(spatial),
        torch.from_numpy(motion),
        record["text"],
        record["gloss"].split(),
        record["signs"],
    )


def cache_shard(path: Path, shard: Shard, spatial: SpatialEncoder, motion: MotionEncoder) -> None:
    """Features of a shard's clips to one .npz, computed in bfloat16 for speed."""
    arrays = {}
    with torch.autocast("cpu", torch.bfloat16):
        for number, record in enumerate(shard.clips):
            rows = slice(shard.offsets[number], shard.offsets[number + 1])
            arrays[f"s-{record['id']}"], arrays[f"m-{record['id']}"] = extract(
                spatial, motion, shard.spatial[rows], shard.motion[rows]
            )
    np.savez(path, **arrays)


def training_examples(
    folder: Path, shards: list[Shard], spatial: SpatialEncoder, motion: MotionEncoder, log=print
) -> list[Example]:
    """Examples of all shards; features that are already in `folder` are reused."""
    folder.mkdir(parents=True, exist_ok=True)
    examples = []
    for number, shard in enumerate(shards):
        path = folder / f"{number:03d}.npz"
        if not path.exists():
            cache_shard(path, shard, spatial, motion)
            log(f"features {number + 1}/{len(shards)}")
        arrays = np.load(path)
        examples += [
            _example(record, arrays[f"s-{record['id']}"], arrays[f"m-{record['id']}"]) for record in shard.clips
        ]
    return examples


def heldout_examples(
    cache: Path, clips: Path, split: str, config: EncoderConfig, spatial: SpatialEncoder, motion: MotionEncoder
) -> list[Example]:
    """Examples from decoded video files, computed in float32."""
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / f"{split}.npz"
    found = records(clips, split)
    if not path.exists():
        arrays = {}
        for record in found:
            pictures = decoded_pictures(clips / f"{record['id']}.mp4", config)
            arrays[f"s-{record['id']}"], arrays[f"m-{record['id']}"] = extract(spatial, motion, *pictures)
        np.savez(path, **arrays)
    arrays = np.load(path)
    return [_example(record, arrays[f"s-{record['id']}"], arrays[f"m-{record['id']}"]) for record in found]
