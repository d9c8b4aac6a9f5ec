"""Stands in for DINOv2's web-scale training: the tower learns where hands are and what shape they have.

It is told neither signs nor words; those come from the sentences in stage 1.
"""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..frames import HAND_LABELS, Shard
from ..model.pretext import Sampler, cosine_rate
from .config import VisionConfig
from .vision import VisionTransformer, seen_pixels

BATCH = 64


class _Frames(Sampler):
    """Random stored frames with the pose of both hands."""

    def batch(self, config: VisionConfig) -> tuple[torch.Tensor, torch.Tensor]:
        pictures, poses = [], []
        for number in self.rng.integers(len(self.shards), size=8):
            shard = self.shards[number]
            rows = np.sort(self.rng.choice(len(shard.sign), BATCH // 8, replace=False))
            pictures.append(shard.spatial[rows])
            poses.append(shard.pose[rows])
        return seen_pixels(np.concatenate(pictures), config), torch.from_numpy(np.concatenate(poses))


def train_tower(config: VisionConfig, shards: list[Shard], steps: int, seed: int, log=print) -> VisionTransformer:
    """A trained tower, in evaluation mode."""
    torch.manual_seed(seed)
    tower = VisionTransformer(config)
    probe = nn.Sequential(nn.Linear(config.width, 256), nn.GELU(), nn.Linear(256, 2 * HAND_LABELS))
    frames = _Frames(shards, seed)
    learnt = [p for name, p in tower.named_parameters() if "lora_" not in name]
    parameters = [*learnt, *probe.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=1.5e-3, betas=(0.9, 0.98), weight_decay=0.02)
    began, seen = time.time(), []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 1.5e-3 * cosine_rate(step, steps, steps // 20 + 1)
        pixels, pose = frames.batch(config)
        with torch.autocast("cpu", torch.bfloat16):
            guess = probe(tower(pixels))
        loss = F.smooth_l1_loss(guess.float(), pose, beta=0.2)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seen.append(float(loss.detach()))
        if step % 100 == 99:
            log(f"tower step {step + 1}/{steps} pose {np.mean(seen[-100:]):.4f} {time.time() - began:.0f} s")
    return tower.eval()
