"""Teaches cross-attention to look at a word's own sign.

A decoder that is trained for its sentences alone may fetch a word from anywhere, because the encoder
has spread it over its neighbours. The synthetic clips know where each sign is, so that one loss can
ask the upper half of the decoder's layers, whose attention Signwright shows, to look there.
"""

from __future__ import annotations

import torch

from ..text.tokenizer import TextCodec
from ..text.words import signed_words
from .example import Example

# A visual token stands for 16 frames, one every 4 (two convolutions of 5 and two poolings of 2).
FRAMES_PER_TOKEN, FRAMES_SEEN = 4, 16
# Frames outside of a sign that a token's middle may be: a token is coarser than a frame.
SLACK = 1

Span = tuple[int, int, int]


def word_spans(codec: TextCodec, example: Example) -> list[Span]:
    """(target token, first frame, last frame) for every token of every word that has a sign."""
    signs = dict(signed_words(example.text.split(), example.glosses))
    spans, word = [], -1
    for at, piece in enumerate(codec.tokenizer.encode(example.text).tokens):
        word += piece.startswith("▁")
        if word in signs and signs[word] < len(example.signs):
            _, first, last = example.signs[signs[word]]
            spans.append((at, first, last))
    return spans


def attention_loss(cross: tuple[torch.Tensor, ...], spans: list[list[Span]], frames: list[int]) -> torch.Tensor:
    """Mean of -log(share of the attention over frame tokens that lies inside the sign).

    `cross`: a layer each, [batch, heads, target, source]; upper half of the layers, mean of heads.
    """
    upper = torch.stack(cross[len(cross) // 2 :]).mean((0, 2))
    losses = []
    for clip, clip_spans in enumerate(spans):
        count = max(1, (frames[clip] - FRAMES_SEEN) // FRAMES_PER_TOKEN + 1)
        middle = torch.arange(count) * FRAMES_PER_TOKEN + (FRAMES_SEEN - 1) / 2
        for at, first, last in clip_spans:
            inside = (middle >= first - SLACK) & (middle <= last + SLACK)
            if inside.any():
                row = upper[clip, at, :count]
                losses.append(-torch.log((row[inside].sum() + 1e-6) / (row.sum() + 1e-6)))
    return torch.stack(losses).mean() if losses else torch.zeros(())
