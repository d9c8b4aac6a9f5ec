"""Draws the signer: body, face, arms and hands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .canvas import Canvas, darker, lighter, mix
from .choreography import X, Y
from .hand import draw_hand
from .looks import Look

SHOULDER = np.array([0.131, 0.486])
UPPER_ARM, FOREARM = 0.212, 0.205
HEAD = np.array([0.0, 0.245])
HEAD_RADII = np.array([0.082, 0.108])


@dataclass(frozen=True)
class Framing:
    """Camera: zoom, shift in picture heights; `hand_size` scales the hands."""

    zoom: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    hand_size: float = 1.28


@dataclass(frozen=True)
class FaceState:
    """Head offset (picture heights), mouth opening 0..1, brow raise 0..1, eyes open 0..1."""

    head: tuple[float, float] = (0.0, 0.0)
    mouth: float = 0.0
    brows: float = 0.0
    eyes: float = 1.0
    sway: float = 0.0


class View:
    """Body coordinates (x from the body's axis) to the picture (0..1)."""

    def __init__(self, framing: Framing) -> None:
        self.zoom = framing.zoom
        self.origin = np.array([0.5 + framing.shift[0], 0.52 + framing.shift[1]])

    def __call__(self, point) -> np.ndarray:
        return self.origin + (np.asarray(point, float) - np.array([0.0, 0.52])) * self.zoom


def draw_signer(canvas: Canvas, look: Look, framing: Framing, hands: np.ndarray, face: FaceState) -> None:
    """`hands` [2, HAND_FIELDS] as the choreography gives them."""
    view = View(framing)
    head = HEAD + np.array(face.head) + np.array([face.sway * 0.6, 0.0])
    _hair_behind(canvas, view, look, head)
    _neck(canvas, view, look, head)
    _torso(canvas, view, look, face.sway)
    _head(canvas, view, look, head, face)
    for index in (1, 0):
        _arm(canvas, view, look, hands[index], index == 1, face.sway, framing)


def wrists_in_picture(hands: np.ndarray, framing: Framing) -> np.ndarray:
    """Wrist positions [..., 2 hands, 2] in picture heights, from poses [..., 2, HAND_FIELDS]."""
    wrists = hands[..., :2].copy()
    wrists[..., 1, 0] *= -1
    view = View(framing)
    return view(wrists)


def _torso(canvas: Canvas, view: View, look: Look, sway: float) -> None:
    b = look.build
    right = [
        (0.052, 0.405),
        (0.105 * b, 0.428),
        (0.165 * b, 0.462),
        (0.182 * b, 0.53),
        (0.160 * b, 0.68),
        (0.152 * b, 0.84),
        (0.165 * b, 1.12),
    ]
    points = [(x + sway * 0.5, y) for x, y in right] + [(-x + sway * 0.5, y) for x, y in reversed(right)]
    outline = view(points)
    dark, light = darker(look.clothes, 0.42), lighter(look.clothes, 0.12)
    canvas.shaded_polygon(outline, view((-0.035 + sway * 0.5, 0.60)), dark, light, 16, 0.74)
    _neckline(canvas, view, look, sway)


def _neckline(canvas: Canvas, view: View, look: Look, sway: float) -> None:
    def at(points):
        return view([(x + sway * 0.55, y) for x, y in points])

    skin_shadow = darker(look.skin, 0.14)
    vee = [(-0.058, 0.406), (0.058, 0.406), (0.0, 0.535)]
    if look.neckline == "crew":
        canvas.ellipse(view((sway * 0.55, 0.408)), np.array([0.064, 0.036]) * view.zoom, darker(look.clothes, 0.55))
        canvas.ellipse(view((sway * 0.55, 0.402)), np.array([0.056, 0.031]) * view.zoom, skin_shadow)
    elif look.neckline == "vee":
        canvas.polygon(at([(-0.066, 0.404), (0.066, 0.404), (0.0, 0.553)]), darker(look.clothes, 0.55))
        canvas.polygon(at(vee), skin_shadow)
    elif look.neckline == "collar":
        canvas.polygon(at(vee), darker(look.inner, 0.08) if look.beard else skin_shadow)
        for side in (-1, 1):
            collar = [(side * 0.050, 0.392), (side * 0.088, 0.425), (side * 0.045, 0.492), (side * 0.008, 0.445)]
            canvas.polygon(at(collar), lighter(look.clothes, 0.20))
        canvas.line(at([(0.0, 0.50), (0.0, 1.1)]), darker(look.clothes, 0.5), 0.004)
    else:
        canvas.polygon(at([(-0.062, 0.402), (0.062, 0.402), (0.0, 0.70)]), look.inner)
        canvas.ellipse(view((sway * 0.55, 0.404)), np.array([0.052, 0.034]) * view.zoom, skin_shadow)
        for side in (-1, 1):
            lapel = [(side * 0.058, 0.402), (side * 0.104, 0.44), (side * 0.088, 0.52), (side * 0.004, 0.715)]
            canvas.polygon(at(lapel), darker(look.clothes, 0.5))
            inner = [(side * 0.060, 0.405), (side * 0.097, 0.44), (side * 0.080, 0.515), (side * 0.006, 0.695)]
            canvas.polygon(at(inner), lighter(look.clothes, 0.10))


def _neck(canvas: Canvas, view: View, look: Look, head: np.ndarray) -> None:
    top = view((head[0], head[1] + 0.06))
    bottom = view((0.0, 0.435))
    radius = 0.041 * view.zoom * look.build
    canvas.capsule(top, bottom, radius, radius * 1.15, darker(look.skin, 0.26))
    canvas.capsule(top + [-0.004, 0], bottom + [-0.004, 0], radius * 0.72, radius * 0.85, darker(look.skin, 0.16))


def _hair_behind(canvas: Canvas, view: View, look: Look, head: np.ndarray) -> None:
    dark = darker(look.hair, 0.35)
    z = view.zoom
    if look.style == "long":
        canvas.shaded_ellipse(view(head + [0, 0.055]), np.array([0.118, 0.175]) * z, dark, look.hair)
    elif look.style == "bob":
        canvas.shaded_ellipse(view(head + [0, 0.012]), np.array([0.112, 0.128]) * z, dark, look.hair)
    elif look.style == "bun":
        canvas.shaded_ellipse(view(head + [0.0, -0.122]), np.array([0.044, 0.042]) * z, dark, lighter(look.hair, 0.1))
    elif look.style == "curly":
        for k in range(13):
            angle = math.pi * (0.86 + 1.28 * k / 12)
            centre = head + np.array([math.cos(angle) * 0.096, math.sin(angle) * 0.108 - 0.005])
            canvas.shaded_ellipse(view(centre), np.array([0.040, 0.040]) * z, dark, lighter(look.hair, 0.08))


def _head(canvas: Canvas, view: View, look: Look, head: np.ndarray, face: FaceState) -> None:
    z = view.zoom
    for side in (-1, 1):
        canvas.shaded_ellipse(
            view(head + [side * 0.081, 0.012]), np.array([0.015, 0.026]) * z, darker(look.skin, 0.3), look.skin
        )
    canvas.shaded_ellipse(view(head), HEAD_RADII * z, darker(look.skin, 0.20), lighter(look.skin, 0.16))
    canvas.shaded_ellipse(
        view(head + [0, 0.050]), np.array([0.058, 0.058]) * z, darker(look.skin, 0.03), lighter(look.skin, 0.10)
    )
    if look.beard:
        beard = [
            (-0.070, 0.015),
            (-0.062, 0.072),
            (-0.032, 0.108),
            (0.0, 0.116),
            (0.032, 0.108),
            (0.062, 0.072),
            (0.070, 0.015),
            (0.040, 0.045),
            (0.0, 0.038),
            (-0.040, 0.045),
        ]
        canvas.polygon(view(head + np.array(beard)), mix(look.hair, look.skin, 0.18))
    _face(canvas, view, look, head, face)
    _hair_front(canvas, view, look, head)


def _face(canvas: Canvas, view: View, look: Look, head: np.ndarray, face: FaceState) -> None:
    z = view.zoom
    for side in (-1, 1):
        eye = head + [side * 0.033, -0.004]
        canvas.ellipse(view(eye), np.array([0.0165, 0.0035 + 0.0075 * face.eyes]) * z, darker(look.skin, 0.35))
        if face.eyes > 0.4:
            canvas.ellipse(view(eye + [0, 0.001]), np.array([0.0150, 0.0085]) * z, (244, 243, 240))
            canvas.ellipse(view(eye + [0, 0.001]), np.array([0.0074, 0.0080]) * z, (58, 42, 34))
            canvas.ellipse(view(eye + [-0.002, -0.002]), np.array([0.0022, 0.0022]) * z, (240, 240, 240))
        brow = eye + [0, -0.024 - 0.009 * face.brows]
        arc = [(-0.019, 0.003), (-0.007, -0.003), (0.008, -0.003), (0.019, 0.003)]
        canvas.line(view(brow + np.array(arc)), darker(look.hair, 0.25), 0.0065 * z)
        canvas.ellipse(
            view(head + [side * 0.044, 0.034]), np.array([0.018, 0.012]) * z, mix(look.skin, (224, 112, 96), 0.16)
        )
        if look.glasses:
            ring = np.array([(math.cos(a) * 0.025, math.sin(a) * 0.021) for a in np.linspace(0, 2 * math.pi, 25)])
            canvas.line(view(eye + ring), (46, 42, 46), 0.0042 * z)
    if look.glasses:
        canvas.line(view(head + np.array([(-0.009, -0.006), (0.009, -0.006)])), (46, 42, 46), 0.0042 * z)
    nose = np.array([(0.001, 0.002), (0.010, 0.032), (-0.006, 0.035)])
    canvas.line(view(head + nose), darker(look.skin, 0.24), 0.0048 * z)
    _mouth(canvas, view, look, head + [0, 0.064], face.mouth)


def _mouth(canvas: Canvas, view: View, look: Look, centre: np.ndarray, opening: float) -> None:
    z = view.zoom
    lips = mix(darker(look.skin, 0.18), (176, 72, 72), 0.45)
    width = 0.026 - 0.006 * opening
    canvas.ellipse(view(centre), np.array([width, 0.0065 + 0.011 * opening]) * z, lips)
    if opening > 0.15:
        canvas.ellipse(view(centre), np.array([width * 0.74, 0.010 * opening]) * z, (84, 30, 34))
    else:
        canvas.line(
            view(centre + np.array([(-0.022, -0.0045), (-0.010, 0.001), (0.010, 0.001), (0.022, -0.0045)])),
            darker(lips, 0.45),
            0.0036 * z,
        )


def _hair_front(canvas: Canvas, view: View, look: Look, head: np.ndarray) -> None:
    angles = np.linspace(math.pi * 1.02, math.pi * 1.98, 14)
    width = 0.089 if look.style != "buzz" else 0.084
    height = {"buzz": 0.113, "short": 0.124, "curly": 0.122}.get(look.style, 0.119)
    outer = [(math.cos(angle) * width, math.sin(angle) * height) for angle in angles]
    line = {
        "buzz": [(0.076, -0.028), (0.060, -0.066), (0.0, -0.076), (-0.060, -0.066), (-0.076, -0.028)],
        "short": [(0.080, -0.010), (0.066, -0.050), (0.010, -0.076), (-0.050, -0.052), (-0.080, -0.010)],
        "curly": [(0.082, -0.015), (0.062, -0.058), (0.0, -0.072), (-0.062, -0.058), (-0.082, -0.015)],
        "bun": [(0.082, -0.005), (0.066, -0.048), (0.0, -0.082), (-0.066, -0.048), (-0.082, -0.005)],
    }.get(
        look.style,
        [(0.086, 0.030), (0.074, -0.030), (0.030, -0.070), (-0.052, -0.046), (-0.076, -0.010), (-0.086, 0.034)],
    )
    points = head + np.array(outer + line)
    focus = view(head + [-0.03, -0.095])
    canvas.shaded_polygon(
        view(points),
        focus,
        darker(look.hair, 0.25),
        lighter(look.hair, 0.16),
        5,
        0.62 if look.style in ("bob", "long") else 0.34,
    )


def _elbow(shoulder: np.ndarray, wrist: np.ndarray, outward: float) -> np.ndarray:
    """The elbow nearest to its hanging place that both bones can reach.

    Bones may look shorter than they are (they then point to the camera), never longer.
    """
    elbow = shoulder + np.array([0.105 * outward, 0.168])
    for _ in range(6):
        elbow = _within(elbow, wrist, FOREARM)
        elbow = _within(elbow, shoulder, UPPER_ARM)
    return elbow


def _within(point: np.ndarray, centre: np.ndarray, radius: float) -> np.ndarray:
    offset = point - centre
    distance = math.hypot(offset[0], offset[1])
    return point if distance <= radius else centre + offset * (radius / distance)


def _arm(canvas: Canvas, view: View, look: Look, hand: np.ndarray, mirror: bool, sway: float, framing: Framing) -> None:
    side = 1.0 if mirror else -1.0
    shoulder = np.array([side * SHOULDER[0] * look.build + sway * 0.5, SHOULDER[1]])
    wrist = np.array([-hand[X] if mirror else hand[X], hand[Y]])
    elbow = _elbow(shoulder, wrist, side)
    z = view.zoom
    dark, light = darker(look.clothes, 0.46), lighter(look.clothes, 0.15)
    a, b, c = view(shoulder), view(elbow), view(wrist)
    cuff = b + (c - b) * 0.86
    rim = darker(look.clothes, 0.68)
    canvas.capsule(a + (b - a) * 0.55, b, 0.0430 * z, 0.0405 * z, rim)
    canvas.shaded_capsule(a, b, 0.0455 * z, 0.0385 * z, dark, light)
    canvas.capsule(c, b, 0.0225 * z, 0.030 * z, darker(look.skin, 0.55))
    canvas.shaded_capsule(b, c, 0.030 * z, 0.0205 * z, darker(look.skin, 0.2), lighter(look.skin, 0.06))
    canvas.capsule(b, cuff, 0.0415 * z, 0.0325 * z, rim)
    canvas.shaded_capsule(b, cuff, 0.0385 * z, 0.0300 * z, dark, light)
    draw_hand(canvas, c, hand, look.skin, mirror, z * framing.hand_size)
