"""Prototype head, its loss and the localisation that follows from it (Sign2GPT, section 3.2)."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from .config import HeadConfig


class PrototypeHead(nn.Module):
    """Cells to E [clips, cells, pseudo-glosses + background]."""

    def __init__(self, width: int, prototypes: torch.Tensor, config: HeadConfig) -> None:
        """`prototypes` [pseudo-glosses, head width]: frozen."""
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.fc_hidden = nn.Linear(width, config.width)
        self.register_buffer("vocab_embedding", prototypes.T[..., None].contiguous())
        self.register_buffer("zero_embedding", torch.zeros(config.width, 1, 1))
        self.class_temperature = nn.Parameter(torch.full((1,), 0.1))
        self.time_temperature = nn.Parameter(torch.full((1,), 0.1))

    def scores(self, cells: torch.Tensor) -> torch.Tensor:
        """Cosine of every cell and prototype; the background's is 0."""
        table = F.normalize(torch.cat([self.vocab_embedding, self.zero_embedding], 1)[..., 0], dim=0)
        return F.normalize(self.fc_hidden(self.dropout(cells)), dim=-1) @ table

    def forward(self, cells: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        scores = self.scores(cells)
        classes = (scores / self.class_temperature.clamp(0.01, 1.0)).softmax(-1)
        times = scores / self.time_temperature.clamp(0.01, 1.0)
        times = times.masked_fill(~valid[..., None], torch.finfo(times.dtype).min).softmax(1)
        return classes * times


def presence(located: torch.Tensor) -> torch.Tensor:
    """E -> probability of each pseudo-gloss in each clip, without the background."""
    return located.sum(1)[:, :-1]


def presence_loss(located: torch.Tensor, targets: torch.Tensor, config: HeadConfig) -> torch.Tensor:
    """Weighted binary cross-entropy, mean over clips and pseudo-glosses."""
    probability = presence(located).clamp(1e-8, 1 - 1e-8)
    return config.weight * F.binary_cross_entropy(probability, targets)
