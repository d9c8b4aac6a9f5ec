"""Sizes of the tiny Sign2GPT, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VisionConfig:
    """DINOv2 tower. `stored` is the edge of the frames on disk, `image` what the tower sees after the resize."""

    width: int = 96
    depth: int = 4
    heads: int = 4
    patch: int = 14
    stored: int = 96
    image: int = 84
    lora_blocks: int = 2
    lora_rank: int = 4
    lora_alpha: float = 4.0


@dataclass(frozen=True)
class SignEncoderConfig:
    """Frames to cells; two layers on either side of the temporal pool."""

    width: int = 128
    heads: int = 4
    mlp: int = 512
    window: int = 7
    stride: int = 2
    dropout: float = 0.1
    drop_path: float = 0.1


@dataclass(frozen=True)
class HeadConfig:
    """Prototypes: `width` numbers for each pseudo-gloss; `too_frequent` is the share that leaves the targets."""

    width: int = 300
    dropout: float = 0.2
    too_frequent: float = 0.4
    weight: float = 10.0


@dataclass(frozen=True)
class LanguageConfig:
    """XGLM and its adapters."""

    width: int = 128
    layers: int = 3
    heads: int = 4
    mlp: int = 384
    pieces: int = 300
    positions: int = 512
    rank: int = 4
    alpha: float = 4.0
    dropout: float = 0.1
    label_smoothing: float = 0.1
    beams: int = 4
    max_length: int = 64
