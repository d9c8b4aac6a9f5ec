"""The training material: small pictures and pose labels of many clips, in shards on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from .config import CorpusConfig, EncoderConfig
from .model.preprocess import motion_picture, spatial_picture
from .signer.choreography import FACING, TURN, Performance
from .signer.clip import Clip, frames_of, make_clips
from .signer.figure import wrists_in_picture
from .text.grammar import all_glosses

SHARD_CLIPS = 50
HAND_LABELS = 12


@dataclass
class Shard:
    """Consecutive clips. `offsets` [clips + 1] cuts the frame axis of all other arrays."""

    spatial: np.ndarray  # [frames, size, size, 3] uint8
    motion: np.ndarray  # [frames, size, size, 3] uint8
    pose: np.ndarray  # [frames, 2 * HAND_LABELS] float32
    sign: np.ndarray  # [frames] int64, 0 = between signs, otherwise gloss number + 1
    offsets: np.ndarray
    clips: list[dict]


def pose_labels(performance: Performance, clip: Clip) -> np.ndarray:
    """Per hand: wrist x, y (picture heights, centred), sine and cosine of the turn, facing, fingers."""
    hands = performance.hands
    wrists = (wrists_in_picture(hands, clip.framing) - 0.5) * 4
    turn = hands[..., TURN, None]
    parts = [wrists, np.sin(turn), np.cos(turn), hands[..., FACING, None], hands[..., FACING + 1 :] * 2 - 1]
    return np.concatenate(parts, -1).reshape(len(hands), 2 * HAND_LABELS).astype(np.float32)


def sign_labels(performance: Performance, glosses: list[str]) -> np.ndarray:
    """[frames] gloss number + 1, or 0 between signs."""
    labels = np.zeros(len(performance.hands), np.int64)
    for interval in performance.intervals:
        labels[interval.first : interval.last + 1] = glosses.index(interval.gloss) + 1
    return labels


class Degrade:
    """Camera and codec faults, one strength per clip: blur, noise, exposure, block compression."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.blur = self.rng.uniform(0.2, 0.6) if self.rng.random() < 0.4 else 0.0
        self.noise = self.rng.uniform(0.5, 3.0) if self.rng.random() < 0.4 else 0.0
        self.quality = int(self.rng.uniform(45, 95)) if self.rng.random() < 0.6 else 0
        self.gain = self.rng.uniform(0.93, 1.07)
        self.lift = self.rng.uniform(-8, 8)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        picture = cv2.convertScaleAbs(picture, alpha=self.gain, beta=max(0.0, self.lift))
        if self.blur:
            picture = cv2.GaussianBlur(picture, (0, 0), self.blur)
        if self.noise:
            grain = self.rng.normal(0, self.noise, picture.shape[:2]).astype(np.float32)[..., None]
            picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
        if self.quality:
            _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
            picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return picture


def clip_record(clip: Clip, performance: Performance) -> dict:
    """The labels of a clip as plain data."""
    return {
        "id": clip.id,
        "split": clip.split,
        "signer": clip.look.name,
        "text": clip.sentence.text,
        "gloss": " ".join(clip.sentence.glosses),
        "frames": len(performance.hands),
        "signs": [[i.gloss, i.first, i.last] for i in performance.intervals],
    }


def write_shard(folder: Path, number: int, clips: list[Clip], corpus: CorpusConfig, encoder: EncoderConfig) -> None:
    """Renders the clips at `corpus.render_size` and stores what the encoders see."""
    cv2.setNumThreads(1)
    glosses = all_glosses()
    spatial, motion, pose, sign, records = [], [], [], [], []
    for clip in clips:
        performance = clip.performance()
        degrade = Degrade(clip.seed)
        for picture in frames_of(clip, corpus.render_size, performance=performance):
            picture = degrade(picture)
            spatial.append(spatial_picture(picture, encoder.spatial_image))
            motion.append(motion_picture(picture, encoder.motion_image))
        pose.append(pose_labels(performance, clip))
        sign.append(sign_labels(performance, glosses))
        records.append(clip_record(clip, performance))
    arrays = {
        "spatial": np.stack(spatial),
        "motion": np.stack(motion),
        "pose": np.concatenate(pose),
        "sign": np.concatenate(sign),
    }
    for name, array in arrays.items():
        np.save(folder / f"{number:03d}-{name}.npy", array)
    (folder / f"{number:03d}.json").write_text(json.dumps(records, ensure_ascii=False))


def write_training_frames(folder: Path, corpus: CorpusConfig, encoder: EncoderConfig, workers: int = 2) -> None:
    """All training clips, shard after shard; a shard that exists is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = make_clips(corpus.seed, corpus.sizes)["train"]
    jobs = []
    for number, start in enumerate(range(0, len(clips), SHARD_CLIPS)):
        if not (folder / f"{number:03d}.json").exists():
            jobs.append((folder, number, clips[start : start + SHARD_CLIPS], corpus, encoder))
    with get_context("spawn").Pool(workers) as pool:
        pool.starmap(write_shard, jobs, chunksize=1)


def read_shards(folder: Path) -> list[Shard]:
    """Every finished shard; pictures stay on disk until they are used."""
    shards = []
    for path in sorted(folder.glob("[0-9][0-9][0-9].json")):
        records = json.loads(path.read_text())
        arrays = {
            name: np.load(folder / f"{path.stem}-{name}.npy", mmap_mode="r")
            for name in ("spatial", "motion", "pose", "sign")
        }
        offsets = np.concatenate([[0], np.cumsum([record["frames"] for record in records])])
        shards.append(Shard(**arrays, offsets=offsets, clips=records))
    return shards
