"""Picture preprocessing as the CLIP and VideoMAE processors do it, with Pillow."""

from __future__ import annotations

import numpy as np
from PIL import Image

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def resize_and_crop(picture: np.ndarray, size: int, resample: Image.Resampling) -> np.ndarray:
    """Shortest edge to `size` (antialiased, 8 bit), then the centre square.

    [height, width, 3] uint8 -> [size, size, 3] uint8.
    """
    height, width = picture.shape[:2]
    short, long = min(height, width), max(height, width)
    long_size = int(size * long / short)
    target = (size, long_size) if width <= height else (long_size, size)
    resized = np.asarray(Image.fromarray(picture).resize(target, resample))
    top, left = (resized.shape[0] - size) // 2, (resized.shape[1] - size) // 2
    return resized[top : top + size, left : left + size]


def spatial_picture(picture: np.ndarray, size: int) -> np.ndarray:
    """CLIP's bicubic picture."""
    return resize_and_crop(picture, size, Image.Resampling.BICUBIC)


def motion_picture(picture: np.ndarray, size: int) -> np.ndarray:
    """VideoMAE's bilinear picture."""
    return resize_and_crop(picture, size, Image.Resampling.BILINEAR)
