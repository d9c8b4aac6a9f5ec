"""The two vision encoders and the features that SpaMo takes from them.

Sources: CLIP (Radford et al. 2021), S2 (Shi et al. 2024), VideoMAE (Tong et al. 2022), and the
feature choices described in SpaMo (Hwang et al. 2025, section 3).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from transformers import CLIPVisionConfig, CLIPVisionModel, VideoMAEConfig, VideoMAEModel

from ..config import EncoderConfig
from .preprocess import CLIP_MEAN, CLIP_STD, IMAGENET_MEAN, IMAGENET_STD


def to_pixels(pictures: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...]) -> torch.Tensor:
    """[..., size, size, 3] uint8 -> [..., 3, size, size] float32, normalised."""
    values = torch.from_numpy(np.array(pictures)).movedim(-1, -3).float() / 255
    shape = (3, 1, 1)
    return (values - torch.tensor(mean).view(shape)) / torch.tensor(std).view(shape)


class SpatialEncoder(nn.Module):
    """CLIP vision tower wrapped by S2 with scales 1 and 2."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.clip = CLIPVisionModel(
            CLIPVisionConfig(
                hidden_size=config.width,
                intermediate_size=config.mlp,
                num_hidden_layers=config.spatial_layers,
                num_attention_heads=config.heads,
                image_size=config.spatial_image,
                patch_size=config.patch,
            )
        )
        # With this few tokens plain matrix products are faster on a processor than the fused kernel.
        self.clip.set_attn_implementation("eager")
        self.width = 2 * config.width

    def class_token(self, pixels: torch.Tensor) -> torch.Tensor:
        """[n, 3, size, size] -> [n, width]: last block's class token before the post-layer-norm."""
        return self.clip(pixel_values=pixels).last_hidden_state[:, 0]

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """[n, 3, size, size] -> [n, 2 * width]: whole picture, then the mean over the four tiles of the doubled one."""
        count, size = len(pixels), pixels.shape[-1]
        doubled = F.interpolate(pixels, size=(2 * size, 2 * size), mode="bicubic", align_corners=False)
        tiles = [doubled[..., y : y + size, x : x + size] for y in (0, size) for x in (0, size)]
        tokens = self.class_token(torch.cat([pixels, *tiles]))
        return torch.cat([tokens[:count], tokens[count:].view(4, count, -1).mean(0)], -1)

    @staticmethod
    def pixels(pictures: np.ndarray) -> torch.Tensor:
        """CLIP normalisation."""
        return to_pixels(pictures, CLIP_MEAN, CLIP_STD)


class MotionEncoder(nn.Module):
    """VideoMAE; the feature is token 0 of the last block, before any final norm."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.videomae = VideoMAEModel(
            VideoMAEConfig(
                hidden_size=config.width,
                intermediate_size=config.mlp,
                num_hidden_layers=config.motion_layers,
                num_attention_heads=config.heads,
                image_size=config.motion_image,
                patch_size=config.patch,
                num_frames=config.window,
                tubelet_size=2,
                use_mean_pooling=True,
            )
        )
        self.videomae.set_attn_implementation("eager")
        # With use_mean_pooling the library leaves the final norm out, so the output is the last block's.
        assert self.videomae.layernorm is None
        self.width = config.width

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """[n, 16, 3, size, size] -> [n, width]."""
        return self.videomae(pixel_values=pixels).last_hidden_state[:, 0]

    @staticmethod
    def pixels(pictures: np.ndarray) -> torch.Tensor:
        """ImageNet normalisation."""
        return to_pixels(pictures, IMAGENET_MEAN, IMAGENET_STD)


def window_starts(frames: int, window: int = 16, stride: int = 8) -> list[int]:
    """First frames of the complete windows; a clip shorter than one window has one."""
    return list(range(0, max(frames, window) - window + 1, stride))


def windows_of(pictures: np.ndarray, window: int = 16, stride: int = 8) -> np.ndarray:
    """[frames, ...] -> [windows, window, ...]; the last frame is repeated up to one window."""
    if len(pictures) < window:
        pictures = np.concatenate([pictures, np.repeat(pictures[-1:], window - len(pictures), 0)])
    return np.stack([pictures[start : start + window] for start in window_starts(len(pictures), window, stride)])


@torch.no_grad()
def extract(
    spatial: SpatialEncoder,
    motion: MotionEncoder,
    spatial_pictures: np.ndarray,
    motion_pictures: np.ndarray,
    batch: int = 64,
) -> tuple[np.ndarray, np.ndarray]:
    """Features of one clip: [frames, 2 * width] and [windows, width], float32."""
    rows = [spatial(spatial.pixels(spatial_pictures[k : k + batch])) for k in range(0, len(spatial_pictures), batch)]
    windows = windows_of(motion_pictures)
    moves = [motion(motion.pixels(windows[k : k + batch])) for k in range(0, len(windows), batch)]
    return torch.cat(rows).float().numpy(), torch.cat(moves).float().numpy()
