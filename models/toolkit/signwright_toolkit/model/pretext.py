"""Stands in for the encoders' large-scale pre-training: they learn to see hands.

A tiny encoder cannot be pre-trained on the web. Instead it regresses both hands' pose and names the
sign that is being made, from the very feature that SpaMo will read; then it is frozen.
"""

from __future__ import annotations

import math
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..config import EncoderConfig
from ..frames import HAND_LABELS, Shard
from .vision import MotionEncoder, SpatialEncoder


def cosine_rate(step: int, total: int, warm: int) -> float:
    """Learning-rate factor: linear warm-up, then cosine to 2 % of the peak."""
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


class Probe(nn.Module):
    """What the pretext tasks read from a feature; thrown away afterwards."""

    def __init__(self, width: int, poses: int, signs: int, moments: int = 1) -> None:
        super().__init__()
        self.moments = moments
        self.body = nn.Sequential(nn.Linear(width, 256), nn.GELU())
        self.pose = nn.Linear(256, poses)
        self.sign = nn.Linear(256, signs * moments)

    def loss(self, feature: torch.Tensor, pose: torch.Tensor, sign: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """`pose` [n, poses], `sign` [n] or [n, moments]: regression and classification loss."""
        hidden = self.body(feature)
        logits = self.sign(hidden).view(len(feature) * self.moments, -1)
        return F.smooth_l1_loss(self.pose(hidden), pose, beta=0.2), F.cross_entropy(logits, sign.reshape(-1))


class Sampler:
    """Random frames or windows out of the shards, a few neighbouring ones at a time for speed."""

    def __init__(self, shards: list[Shard], seed: int) -> None:
        self.shards = shards
        self.rng = np.random.default_rng(seed)

    def frames(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pixels [count, 3, size, size], pose [count, 2 * HAND_LABELS], sign [count]."""
        pictures, poses, signs = [], [], []
        for number in self.rng.integers(len(self.shards), size=8):
            shard = self.shards[number]
            rows = np.sort(self.rng.choice(len(shard.sign), count // 8, replace=False))
            pictures.append(shard.spatial[rows])
            poses.append(shard.pose[rows])
            signs.append(shard.sign[rows])
        pixels = SpatialEncoder.pixels(np.concatenate(pictures))
        return pixels, torch.from_numpy(np.concatenate(poses)), torch.from_numpy(np.concatenate(signs))

    def windows(self, count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Pixels [count, 16, 3, size, size], poses at four moments, signs at three moments."""
        pictures, poses, signs = [], [], []
        for _ in range(count):
            shard = self.shards[self.rng.integers(len(self.shards))]
            clip = self.rng.integers(len(shard.clips))
            first, end = shard.offsets[clip], shard.offsets[clip + 1]
            start = int(self.rng.integers(first, end - 15))
            pictures.append(shard.motion[start : start + 16])
            poses.append(shard.pose[[start + 1, start + 5, start + 10, start + 14]].reshape(-1))
            signs.append(shard.sign[[start + 3, start + 8, start + 12]])
        return (
            MotionEncoder.pixels(np.stack(pictures)),
            torch.from_numpy(np.stack(poses)),
            torch.from_numpy(np.stack(signs)),
        )


def _train(encoder: nn.Module, probe: Probe, batches, steps: int, rate: float, name: str, log) -> None:
    parameters = [*encoder.parameters(), *probe.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.98), weight_decay=0.02)
    began, seen = time.time(), []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * cosine_rate(step, steps, steps // 20 + 1)
        pixels, pose, sign = batches()
        pose_loss, sign_loss = probe.loss(encoder(pixels), pose, sign)
        optimizer.zero_grad()
        (4 * pose_loss + 0.5 * sign_loss).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seen.append((float(pose_loss.detach()), float(sign_loss.detach())))
        if step % 50 == 49 or step == steps - 1:
            pose_mean, sign_mean = np.mean(seen[-50:], 0)
            log(f"{name} step {step + 1}/{steps} pose {pose_mean:.4f} sign {sign_mean:.3f} {time.time() - began:.0f} s")


def train_spatial(
    config: EncoderConfig, shards: list[Shard], signs: int, steps: int, seed: int, log=print
) -> SpatialEncoder:
    """A trained spatial encoder, in evaluation mode."""
    torch.manual_seed(seed)
    encoder = SpatialEncoder(config)
    sampler = Sampler(shards, seed)
    probe = Probe(encoder.width, 2 * HAND_LABELS, signs + 1)
    _train(encoder, probe, lambda: sampler.frames(64), steps, 1.5e-3, "spatial", log)
    return encoder.eval()


def train_motion(
    config: EncoderConfig, shards: list[Shard], signs: int, steps: int, seed: int, log=print
) -> MotionEncoder:
    """A trained motion encoder, in evaluation mode."""
    torch.manual_seed(seed + 1)
    encoder = MotionEncoder(config)
    sampler = Sampler(shards, seed + 1)
    probe = Probe(encoder.width, 4 * 2 * HAND_LABELS, signs + 1, moments=3)
    _train(encoder, probe, lambda: sampler.windows(24), steps, 1.5e-3, "motion", log)
    return encoder.eval()
