"""DINOv2's vision transformer with LoRA in its last blocks, under the published checkpoints' names.

Sources: DINOv2 (Oquab et al. 2023); Sign2GPT (Wong et al. 2024), section 3.1 and its released configuration.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..model.preprocess import IMAGENET_MEAN, IMAGENET_STD
from .config import VisionConfig

GRID = 37
"""Rows of the position table of towers that were trained at 518 pixels."""


class Lora:
    """Adds a low-rank term to a linear layer whose factors belong to the surrounding module."""

    def __init__(self, owner: nn.Module, name: str, inward: int, outward: int, config: VisionConfig) -> None:
        down, up = nn.Linear(inward, config.lora_rank, bias=False), nn.Linear(config.lora_rank, outward, bias=False)
        nn.init.normal_(down.weight, std=0.02)
        nn.init.zeros_(up.weight)
        owner.add_module(f"{name}_l1", down)
        owner.add_module(f"{name}_l2", up)
        self.factors, self.scale = (down, up), config.lora_alpha / config.lora_rank

    def __call__(self, values: torch.Tensor) -> torch.Tensor:
        down, up = self.factors
        return up(down(values)) * self.scale


class Attention(nn.Module):
    """Self-attention with one fused projection."""

    def __init__(self, config: VisionConfig, with_lora: bool) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.lora_qkv = Lora(self, "lora_w1", width, 3 * width, config) if with_lora else None
        self.lora_proj = Lora(self, "lora_w2", width, width, config) if with_lora else None

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        count, tokens, width = values.shape
        fused = self.qkv(values)
        if self.lora_qkv:
            fused = fused + self.lora_qkv(values)
        query, key, value = fused.view(count, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        # With this few tokens plain matrix products are faster on a processor than the fused kernel.
        weights = ((query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(count, tokens, width)
        out = self.proj(mixed)
        return out + self.lora_proj(mixed) if self.lora_proj else out


class Mlp(nn.Module):
    """Two linear layers with GELU between."""

    def __init__(self, config: VisionConfig, with_lora: bool) -> None:
        super().__init__()
        width, hidden = config.width, 4 * config.width
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.lora_fc1 = Lora(self, "lora_w1", width, hidden, config) if with_lora else None
        self.lora_fc2 = Lora(self, "lora_w2", hidden, width, config) if with_lora else None

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        hidden = self.fc1(values)
        if self.lora_fc1:
            hidden = hidden + self.lora_fc1(values)
        hidden = F.gelu(hidden)
        out = self.fc2(hidden)
        return out + self.lora_fc2(hidden) if self.lora_fc2 else out


class LayerScale(nn.Module):
    """A learnt factor a channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return values * self.gamma


class Block(nn.Module):
    """Pre-norm transformer block with layer scale."""

    def __init__(self, config: VisionConfig, with_lora: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(config.width, eps=1e-6), nn.LayerNorm(config.width, eps=1e-6)
        self.attn, self.mlp = Attention(config, with_lora), Mlp(config, with_lora)
        self.ls1, self.ls2 = LayerScale(config.width), LayerScale(config.width)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        values = values + self.ls1(self.attn(self.norm1(values)))
        return values + self.ls2(self.mlp(self.norm2(values)))


class PatchEmbed(nn.Module):
    """Patches to tokens."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, config.width, config.patch, config.patch)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.proj(pixels).flatten(2).transpose(1, 2)


class VisionTransformer(nn.Module):
    """[n, 3, image, image] -> [n, width]: the class token behind the last norm."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        width = config.width
        self.grid = config.image // config.patch
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.randn(1, GRID * GRID + 1, width) * 0.02)
        self.mask_token = nn.Parameter(torch.zeros(1, width))
        self.patch_embed = PatchEmbed(config)
        first = config.depth - config.lora_blocks
        self.blocks = nn.ModuleList(Block(config, number >= first) for number in range(config.depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def positions(self) -> torch.Tensor:
        """The position table at this picture size; DINOv2 samples with the step 37 / (grid + 0.1)."""
        width = self.pos_embed.shape[-1]
        table = self.pos_embed[:, 1:].view(1, GRID, GRID, width).permute(0, 3, 1, 2)
        scale = (self.grid + 0.1) / GRID
        table = F.interpolate(table, scale_factor=(scale, scale), mode="bicubic", recompute_scale_factor=False)
        assert table.shape[-1] == self.grid
        return torch.cat([self.pos_embed[:, :1], table.permute(0, 2, 3, 1).reshape(1, -1, width)], 1)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        tokens = self.patch_embed(pixels)
        tokens = torch.cat([self.cls_token.expand(len(tokens), -1, -1), tokens], 1) + self.positions()
        for block in self.blocks:
            tokens = block(tokens)
        return self.norm(tokens)[:, 0]

    def lora_parameters(self) -> list[nn.Parameter]:
        """What Sign2GPT trains of the tower."""
        return [parameter for name, parameter in self.named_parameters() if "lora_" in name]


def seen_pixels(frames: np.ndarray, config: VisionConfig) -> torch.Tensor:
    """[n, stored, stored, 3] uint8 RGB -> [n, 3, image, image] float32.

    The released evaluation resizes with OpenCV's 8-bit bilinear instead of cropping.
    """
    resized = np.stack([cv2.resize(np.ascontiguousarray(frame), (config.image, config.image)) for frame in frames])
    values = torch.from_numpy(resized).permute(0, 3, 1, 2).float()
    mean, std = torch.tensor(IMAGENET_MEAN).view(3, 1, 1) * 255, torch.tensor(IMAGENET_STD).view(3, 1, 1) * 255
    return (values - mean) / std
