"""New training sentences out of cached features: signs of training clips in another order.

SpaMo's adapter and T5 see few sentences here and learn them by heart. The sign boundaries of the
synthetic clips are known, so that frames of single signs can be put together to other sentences
of the grammar; sentences of the held-out parts are never made.
"""

from __future__ import annotations

import random

import torch

from ..text.grammar import Sentence, make_sentence
from .example import Example

STRIDE = 8
Piece = tuple[Example, int, int]
# A piece with first and last frame of its sign.
SignPiece = tuple[Example, int, int, int, int]


class Recombiner:
    """Draws sentences and finds the pieces for them."""

    def __init__(self, examples: list[Example], forbidden: set[str], seed: int) -> None:
        self.random = random.Random(seed)
        self.forbidden = forbidden
        self.pieces: dict[str, list[SignPiece]] = {}
        self.starts: list[Piece] = []
        self.ends: list[Piece] = []
        for example in examples:
            self._add(example)

    def _add(self, example: Example) -> None:
        """A sign's piece reaches to the middle of the glides around it."""
        signs = example.signs
        cuts = [(last + following + 1) // 2 for (_, _, last), (_, following, _) in zip(signs, signs[1:])]
        first, last = max(0, signs[0][1] - 4), min(len(example.spatial), signs[-1][2] + 5)
        edges = [first, *cuts, last]
        for (gloss, from_, to), begin, end in zip(signs, edges, edges[1:]):
            self.pieces.setdefault(gloss, []).append((example, begin, end, from_, to))
        self.starts.append((example, 0, first))
        self.ends.append((example, last, len(example.spatial)))

    def _sentence(self) -> Sentence:
        while True:
            sentence = make_sentence(self.random)
            if sentence.text not in self.forbidden and all(gloss in self.pieces for gloss in sentence.glosses):
                return sentence

    def draw(self) -> Example:
        """An example that is in no clip."""
        sentence = self._sentence()
        pieces, signs = [self.random.choice(self.starts)], []
        length = pieces[0][2] - pieces[0][1]
        for gloss in sentence.glosses:
            example, begin, end, first, last = self.random.choice(self.pieces[gloss])
            signs.append((gloss, length + first - begin, length + last - begin))
            pieces.append((example, begin, end))
            length += end - begin
        pieces.append(self.random.choice(self.ends))
        sources = [(example, frame) for example, begin, end in pieces for frame in range(begin, end)]
        spatial = torch.cat([example.spatial[begin:end] for example, begin, end in pieces])
        return Example("made", spatial, _windows(sources), sentence.text, list(sentence.glosses), signs)


def _windows(sources: list[tuple[Example, int]]) -> torch.Tensor:
    """For each window of the new clip the source's window whose middle is nearest."""
    rows = []
    for start in range(0, max(len(sources), 16) - 15, STRIDE):
        example, frame = sources[min(start + STRIDE, len(sources) - 1)]
        index = min(max(round((frame - STRIDE) / STRIDE), 0), len(example.motion) - 1)
        rows.append(example.motion[index])
    return torch.stack(rows)
