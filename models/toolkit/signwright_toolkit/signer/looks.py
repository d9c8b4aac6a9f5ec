"""What signers, clothes and rooms look like. Colours are RGB, 0..255."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Look:
    """One synthetic signer."""

    name: str
    skin: Colour
    hair: Colour
    style: str  # short, bob, long, bun, curly, buzz
    clothes: Colour
    neckline: str  # crew, vee, blazer, collar
    inner: Colour = (240, 240, 236)
    glasses: bool = False
    beard: bool = False
    build: float = 1.0


LOOKS = (
    Look("Signer01", (236, 188, 160), (74, 46, 30), "bob", (38, 70, 104), "crew"),
    Look("Signer02", (150, 98, 68), (26, 20, 20), "buzz", (58, 62, 70), "collar", beard=True, build=1.06),
    Look("Signer03", (246, 208, 184), (186, 132, 66), "long", (28, 84, 78), "vee", build=0.96),
    Look("Signer04", (212, 160, 122), (38, 30, 34), "bun", (92, 36, 58), "blazer", build=0.97),
    Look("Signer05", (112, 70, 50), (22, 16, 16), "curly", (46, 52, 92), "vee", build=0.98),
    Look("Signer06", (240, 198, 172), (128, 124, 122), "short", (64, 60, 56), "blazer", glasses=True, build=1.05),
    Look("Signer07", (224, 174, 136), (30, 26, 30), "short", (24, 74, 110), "crew", build=1.02),
    Look("Signer08", (248, 210, 190), (150, 62, 34), "curly", (52, 76, 52), "collar", glasses=True, build=0.97),
)

_STUDIO: tuple[tuple[Colour, Colour], ...] = (
    ((214, 224, 234), (166, 182, 200)),
    ((232, 226, 216), (196, 184, 168)),
    ((206, 222, 214), (158, 182, 172)),
    ((196, 202, 222), (142, 150, 180)),
    ((226, 216, 228), (182, 168, 190)),
    ((182, 200, 216), (112, 136, 162)),
)


def background(kind: str, palette: int, size: int) -> np.ndarray:
    """A [size, size, 3] uint8 room: "plain", "gradient" or "studio" (soft spot light and a floor line)."""
    light, dark = (np.array(colour, np.float32) for colour in _STUDIO[palette % len(_STUDIO)])
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size
    if kind == "plain":
        weight = np.full((size, size), 0.35, np.float32)
    elif kind == "gradient":
        weight = np.clip(0.15 + 0.75 * rows + 0.1 * columns, 0, 1)
    else:
        weight = np.clip(1.35 * np.hypot(columns - 0.5, 0.85 * (rows - 0.38)), 0, 1) ** 1.4
        weight = weight + 0.10 * (rows > 0.86)
    picture = light + (dark - light) * weight[..., None]
    if kind == "studio":
        picture += 5.0 * ((columns * 6).astype(int) % 2)[..., None] * (rows < 0.86)[..., None]
        picture = cv2.GaussianBlur(picture, (0, 0), size * 0.006)
    return np.clip(picture, 0, 255).astype(np.uint8)
