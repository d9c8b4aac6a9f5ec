"""Training of sign adapter and T5 on cached features, and decoding."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from sacrebleu.metrics import BLEU
from torch import nn
from torch.nn import functional as F

from ..config import EncoderConfig, TranslatorConfig
from ..text.grammar import all_glosses
from ..text.tokenizer import TextCodec
from .attention import attention_loss, word_spans
from .example import Example
from .pretext import cosine_rate
from .recombine import Recombiner
from .spamo import SpaMo, alignment_loss


@dataclass(frozen=True)
class Phase:
    """One stage of training; losses: cross-entropy + `align` * VT-Align + `ctc` * gloss CTC + `attend` * attention.

    `noise` is the strength of feature noise (standard deviations), `recombined` the share of
    examples that are put together from signs of several clips.
    """

    name: str
    epochs: int
    rate: float
    align: float = 0.1
    ctc: float = 0.0
    attend: float = 0.0
    batch: int = 16
    noise: float = 0.15
    recombined: float = 0.5


class Translator:
    """A model with its tokenizer and prompt."""

    def __init__(self, encoder: EncoderConfig, config: TranslatorConfig, codec: TextCodec) -> None:
        self.model = SpaMo(encoder, config, codec.size)
        self.codec = codec
        self.prompt = torch.tensor(codec.encode(config.prompt.format(config.language)))

    def inputs(self, examples: list[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, list[int]]:
        """Encoder input, mask, visual tokens, visual lengths."""
        visual, lengths = self.model.visual_tokens([e.spatial for e in examples], [e.motion for e in examples])
        embeds, mask = self.model.encoder_inputs(visual, lengths, self.prompt)
        return embeds, mask, visual, lengths

    def labels(self, examples: list[Example]) -> torch.Tensor:
        """Target ids [batch, length], -100 behind the end."""
        ids = [torch.tensor(self.codec.encode(example.text)) for example in examples]
        return nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=-100)

    @torch.no_grad()
    def generate(self, examples: list[Example], beams: int = 5, batch: int = 16) -> list[list[int]]:
        """Deterministic beam search, at most 64 ids with the start token; ids without it and without padding."""
        self.model.eval()
        results = []
        for start in range(0, len(examples), batch):
            embeds, mask, _, _ = self.inputs(examples[start : start + batch])
            out = self.model.t5.generate(
                inputs_embeds=embeds,
                attention_mask=mask,
                num_beams=beams,
                max_length=64,
                do_sample=False,
                length_penalty=1.0,
                early_stopping=False,
            )
            results += [[int(token) for token in row[1:] if token != 0] for row in out]
        return results

    def references(self, examples: list[Example]) -> list[str]:
        """The true sentences with the same spacing before the full stop as translations have."""
        return [self.codec.decode(self.codec.encode(example.text)) for example in examples]

    def translate(self, examples: list[Example], beams: int = 5) -> list[str]:
        """Sentences as a user sees them."""
        return [self.codec.decode(ids) for ids in self.generate(examples, beams)]


class FeatureNoise:
    """Varies cached features while training: tempo, a constant shift a clip, and noise a row.

    The shift stands for what differs between cameras and codecs, the tempo for slower and faster
    signing; without them a small adapter learns the training clips by heart.
    """

    def __init__(self, examples: list[Example], rng: np.random.Generator, strength: float) -> None:
        self.rng, self.strength = rng, strength
        self.spatial = torch.cat([example.spatial for example in examples[::20]]).std(0)
        self.motion = torch.cat([example.motion for example in examples[::20]]).std(0)

    def _rows(self, rows: torch.Tensor, spread: torch.Tensor, tempo: float) -> torch.Tensor:
        count = max(1, round(len(rows) * tempo))
        picked = rows[torch.linspace(0, len(rows) - 1, count).round().long()]
        shift = torch.from_numpy(self.rng.normal(0, self.strength, (1, rows.shape[1])).astype(np.float32))
        noise = torch.from_numpy(self.rng.normal(0, self.strength, picked.shape).astype(np.float32))
        return picked + (shift + noise) * spread

    def __call__(self, example: Example) -> Example:
        tempo = float(self.rng.uniform(0.88, 1.12))
        return Example(
            example.id,
            self._rows(example.spatial, self.spatial, tempo),
            self._rows(example.motion, self.motion, tempo),
            example.text,
            example.glosses,
            [(gloss, round(first * tempo), round(last * tempo)) for gloss, first, last in example.signs],
        )


def bleu4(hypotheses: list[str], references: list[str]) -> float:
    """Corpus BLEU-4, sacreBLEU's 13a."""
    return BLEU().corpus_score(hypotheses, [references]).score


def _gloss_loss(
    head: nn.Linear, visual: torch.Tensor, lengths: list[int], examples: list[Example], names: dict[str, int]
) -> torch.Tensor:
    """CTC on the visual tokens; blank is 0."""
    log_probs = head(visual).log_softmax(-1).transpose(0, 1)
    targets = [torch.tensor([names[gloss] for gloss in example.glosses]) for example in examples]
    sizes = torch.tensor([len(target) for target in targets])
    return F.ctc_loss(log_probs, torch.cat(targets), torch.tensor(lengths), sizes, zero_infinity=True)


def _batches(examples: list[Example], size: int, rng: np.random.Generator) -> list[list[Example]]:
    """Shuffled batches of clips of similar length, so that little is padded."""
    order = rng.permutation(len(examples))
    pools = [
        sorted(order[k : k + 10 * size], key=lambda n: len(examples[n].spatial))
        for k in range(0, len(order), 10 * size)
    ]
    batches = [[examples[n] for n in pool[k : k + size]] for pool in pools for k in range(0, len(pool), size)]
    return [batches[k] for k in rng.permutation(len(batches))]


class PhaseRun:
    """Runs one phase and keeps the weights that are best on the development part."""

    def __init__(self, translator: Translator, phase: Phase, seed: int, forbidden: set[str], log=print) -> None:
        """`forbidden`: held-out sentences, which recombination must not make."""
        self.translator, self.phase, self.forbidden, self.log = translator, phase, forbidden, log
        self.rng = np.random.default_rng(seed)
        self.names = {gloss: number + 1 for number, gloss in enumerate(all_glosses())}
        model = translator.model
        self.gloss_head = nn.Linear(model.config.d_model, len(self.names) + 1)
        self.parameters = [p for p in [*model.parameters(), *self.gloss_head.parameters()] if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=phase.rate, betas=(0.9, 0.98), weight_decay=0.01)

    def _step(self, examples: list[Example]) -> tuple[float, float, float, float]:
        translator, phase = self.translator, self.phase
        embeds, mask, visual, lengths = translator.inputs(examples)
        labels = translator.labels(examples)
        out = translator.model.t5(
            inputs_embeds=embeds, attention_mask=mask, labels=labels, output_attentions=phase.attend > 0
        )
        cross = F.cross_entropy(out.logits.flatten(0, 1), labels.flatten(), ignore_index=-100, label_smoothing=0.05)
        align = alignment_loss(translator.model, visual, lengths, labels)
        gloss = _gloss_loss(self.gloss_head, visual, lengths, examples, self.names) if phase.ctc else torch.zeros(())
        attend = torch.zeros(())
        if phase.attend:
            spans = [word_spans(translator.codec, example) for example in examples]
            attend = attention_loss(out.cross_attentions, spans, [len(example.spatial) for example in examples])
        self.optimizer.zero_grad()
        (cross + phase.align * align + phase.ctc * gloss + phase.attend * attend).backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return tuple(float(loss.detach()) for loss in (cross, align, gloss, attend))

    def _epoch(self, train: list[Example], noise: FeatureNoise, made: Recombiner, step: int, total: int) -> np.ndarray:
        """One pass; `step` of `total` sets the learning rate. Returns the mean losses [4]."""
        phase, losses = self.phase, []
        self.translator.model.train()
        for batch in _batches(train, phase.batch, self.rng):
            for group in self.optimizer.param_groups:
                group["lr"] = phase.rate * cosine_rate(step + len(losses), total, total // 20 + 1)
            shown = [made.draw() if self.rng.random() < phase.recombined else example for example in batch]
            losses.append(self._step([noise(example) for example in shown]))
        return np.mean(losses, 0)

    def run(self, train: list[Example], dev: list[Example]) -> float:
        """Trains; returns the best greedy development BLEU-4."""
        noise = FeatureNoise(train, self.rng, self.phase.noise)
        made = Recombiner(train, self.forbidden, int(self.rng.integers(1 << 30)))
        steps = -(-len(train) // self.phase.batch)
        began, best, kept = time.time(), -1.0, None
        for epoch in range(self.phase.epochs):
            cross, align, gloss, attend = self._epoch(train, noise, made, epoch * steps, self.phase.epochs * steps)
            if epoch % 3 == 2 or epoch == self.phase.epochs - 1:
                score = bleu4(self.translator.translate(dev, beams=1), self.translator.references(dev))
                if score >= best:
                    best = score
                    kept = {name: value.clone() for name, value in self.translator.model.state_dict().items()}
            losses = f"ce {cross:.3f} align {align:.3f} ctc {gloss:.3f} attend {attend:.3f}"
            self.log(f"{self.phase.name} epoch {epoch + 1} {losses} dev {best:.2f} {time.time() - began:.0f} s")
        self.translator.model.load_state_dict(kept)
        return best
