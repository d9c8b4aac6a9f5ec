"""Drawing primitives: anti-aliased, shaded, with sub-pixel positions (unit: picture height)."""

from __future__ import annotations

import math

import cv2
import numpy as np

_SHIFT = 5
_CIRCLE = np.linspace(0, 2 * math.pi, 28, endpoint=False)
_UNIT = np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], 1)
_CAP = np.linspace(-math.pi / 2, math.pi / 2, 12)
_CAPS = np.stack([np.concatenate([np.cos(_CAP), -np.cos(_CAP)]), np.concatenate([np.sin(_CAP), -np.sin(_CAP)])], 1)
_AT_END = np.concatenate([np.ones(12), np.zeros(12)])[:, None]

# Fractions of the radius by which successive layers shrink and move to the light (top left),
# and how far their tone is from dark to light.
_SHRINK = np.array([0.0, 0.14, 0.30, 0.50, 0.70])
_TONES = (0.0, 0.35, 0.62, 0.84, 1.0)
_LIGHT = np.array([-0.28, -0.40])


def mix(first, second, weight: float) -> tuple[float, float, float]:
    """Colour between two colours."""
    return tuple(a + (b - a) * weight for a, b in zip(first, second))


def darker(colour, amount: float) -> tuple[float, float, float]:
    """Shadow tone: darker and a little cooler."""
    return mix(colour, (colour[0] * 0.32, colour[1] * 0.28, colour[2] * 0.34), amount)


def lighter(colour, amount: float) -> tuple[float, float, float]:
    """Highlight tone."""
    return mix(colour, (255, 250, 244), amount)


def rounded(points: np.ndarray, times: int = 2) -> np.ndarray:
    """A closed polygon with its corners cut (Chaikin)."""
    for _ in range(times):
        following = np.roll(points, -1, 0)
        points = np.stack([0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following], 1).reshape(-1, 2)
    return points


class Canvas:
    """An RGB picture that is drawn on."""

    def __init__(self, picture: np.ndarray) -> None:
        self.pixels = picture
        self.scale = picture.shape[0]

    def _fixed(self, points: np.ndarray) -> np.ndarray:
        """Picture heights to OpenCV's fixed-point pixel centres."""
        return ((points * self.scale - 0.5) * (1 << _SHIFT) + 0.5).astype(np.int32)

    def polygon(self, points, colour) -> None:
        """Fills a polygon [n, 2]."""
        cv2.fillPoly(self.pixels, [self._fixed(np.asarray(points))], colour, cv2.LINE_AA, _SHIFT)

    def _layers(self, outlines: np.ndarray, dark, light, tones) -> None:
        for points, tone in zip(self._fixed(outlines), tones):
            cv2.fillPoly(self.pixels, [points], mix(dark, light, tone), cv2.LINE_AA, _SHIFT)

    def ellipse(self, centre, radii, colour) -> None:
        """Fills an upright ellipse."""
        self.polygon(_UNIT * radii + centre, colour)

    def line(self, points, colour, width: float) -> None:
        """An open poly-line."""
        thickness = max(1, round(width * self.scale))
        cv2.polylines(self.pixels, [self._fixed(np.asarray(points))], False, colour, thickness, cv2.LINE_AA, _SHIFT)

    def capsule(self, start, end, radius_start: float, radius_end: float, colour) -> None:
        """A flat tapered limb with round ends."""
        self.polygon(_capsule(start, end, radius_start, radius_end)[0], colour)

    def shaded_capsule(self, start, end, radius_start: float, radius_end: float, dark, light) -> None:
        """A tapered limb lit from the top left; `dark` is its rim, `light` its brightest tone."""
        outline, spine, radii = _capsule(start, end, radius_start, radius_end)
        rim = outline - spine
        layers = spine + rim * (1 - _SHRINK)[:, None, None] + (radii * _LIGHT) * _SHRINK[:, None, None]
        self._layers(layers, dark, light, _TONES)

    def shaded_ellipse(self, centre, radii, dark, light) -> None:
        """A ball lit from the top left."""
        rim = _UNIT * radii
        layers = centre + rim * (1 - _SHRINK)[:, None, None] + (radii * _LIGHT) * _SHRINK[:, None, None]
        self._layers(layers, dark, light, _TONES)

    def shaded_polygon(self, points, focus, dark, light, steps: int = 6, reach: float = 0.55) -> None:
        """A polygon whose tone brightens towards `focus`."""
        shrink = (np.arange(steps) * (reach / steps))[:, None, None]
        layers = points + (focus - points) * shrink
        self._layers(layers, dark, light, np.arange(steps) / max(1, steps - 1))


def _capsule(start, end, radius_start: float, radius_end: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outline [24, 2], the spine point of each outline point, and its radius [24, 1]."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1e-6
    cos, sin = dx / length, dy / length
    radii = radius_start + (radius_end - radius_start) * _AT_END
    spine = np.asarray(start) + np.array([dx, dy]) * _AT_END
    return spine + radii * (_CAPS @ np.array([[cos, sin], [-sin, cos]])), spine, radii
