"""Development and test clips as real video files, and what the encoders see of them."""

from __future__ import annotations

import json
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from .config import CorpusConfig, EncoderConfig
from .frames import clip_record
from .model.preprocess import motion_picture, spatial_picture
from .signer.clip import Clip, frames_of, make_clips
from .video import read_video, write_video


def write_clip(folder: Path, clip: Clip, size: int) -> None:
    """`<id>.mp4` and its labels `<id>.json`."""
    cv2.setNumThreads(1)
    performance = clip.performance()
    part = folder / f"{clip.id}.part.mp4"
    write_video(part, frames_of(clip, size, performance=performance), size)
    part.rename(folder / f"{clip.id}.mp4")
    (folder / f"{clip.id}.json").write_text(json.dumps(clip_record(clip, performance), ensure_ascii=False))


def write_heldout(folder: Path, corpus: CorpusConfig, workers: int = 2) -> None:
    """Renders every development and test clip that is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = make_clips(corpus.seed, corpus.sizes)
    wanted = [clip for split in ("dev", "test") for clip in clips[split]]
    jobs = [(folder, clip, corpus.display_size) for clip in wanted if not (folder / f"{clip.id}.json").exists()]
    with get_context("spawn").Pool(workers) as pool:
        pool.starmap(write_clip, jobs, chunksize=4)


def decoded_pictures(path: Path, encoder: EncoderConfig) -> tuple[np.ndarray, np.ndarray]:
    """Frames of a file as the two processors make them: [frames, size, size, 3] uint8 each."""
    frames = read_video(path)
    spatial = np.stack([spatial_picture(frame, encoder.spatial_image) for frame in frames])
    motion = np.stack([motion_picture(frame, encoder.motion_image) for frame in frames])
    return spatial, motion


def records(folder: Path, split: str) -> list[dict]:
    """Labels of the clips of a split, by id."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob(f"{split}-*.json"))]
