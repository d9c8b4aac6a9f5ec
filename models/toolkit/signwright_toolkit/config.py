"""Sizes and seeds of the demo corpus and the demo model, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CorpusConfig:
    """How many clips are made; no sentence occurs in two of them."""

    seed: int = 20261
    sizes: dict[str, int] = field(default_factory=lambda: {"train": 2000, "dev": 150, "test": 200})
    display_size: int = 512
    render_size: int = 192


@dataclass(frozen=True)
class EncoderConfig:
    """Both vision encoders. Feature widths: spatial 2 * width (two scales), motion width."""

    width: int = 96
    mlp: int = 256
    heads: int = 4
    spatial_layers: int = 4
    motion_layers: int = 3
    spatial_image: int = 96
    motion_image: int = 64
    patch: int = 16
    window: int = 16
    stride: int = 8


@dataclass(frozen=True)
class TranslatorConfig:
    """Sign adapter and T5."""

    inter_hidden: int = 128
    d_model: int = 128
    d_ff: int = 256
    d_kv: int = 32
    heads: int = 4
    layers: int = 3
    lora_r: int = 16
    lora_alpha: int = 32
    lora_dropout: float = 0.1
    pieces: int = 300
    prompt: str = "Translate the given sentence into {}."
    language: str = "German"
