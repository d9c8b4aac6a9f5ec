"""One clip as the translator sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch


@dataclass
class Example:
    """Cached features of a clip and its labels; `signs` are (gloss, first frame, last frame)."""

    id: str
    spatial: torch.Tensor  # [frames, 2 * width]
    motion: torch.Tensor  # [windows, width]
    text: str
    glosses: list[str]
    signs: list[tuple[str, int, int]] = field(default_factory=list)
