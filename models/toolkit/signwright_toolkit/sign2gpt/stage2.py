"""Stage 2: translation. The language model is frozen; adapters and gates learn, and where asked the sign model."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import numpy as np
import torch
from sacrebleu.metrics import BLEU
from torch import nn
from torch.nn import functional as F

from ..model.pretext import cosine_rate
from ..text.grammar import make_sentence
from .config import LanguageConfig
from .encoder import SignModel
from .frames import SignClip
from .language import EOS, PAD, LanguageModel, PostModel
from .stage1 import TokenNoise, batches
from .tokenizer import Codec


@dataclass(frozen=True)
class LanguagePlan:
    """Training of the language model that is then frozen; its sentences are never held-out ones."""

    sentences: int = 20000
    steps: int = 1200
    batch: int = 48
    rate: float = 2e-3


@dataclass(frozen=True)
class Stage2:
    """Training of adapters, gates and the layer between. With a `sign_rate` of 0 the sign model stays what stage 1 made
    of it, so that prototypes and language model read the same cells and fit into one bundle."""

    epochs: int = 24
    batch: int = 24
    rate: float = 1.5e-3
    sign_rate: float = 0.0
    noise: float = 0.15


def free_sentences(count: int, forbidden: set[str], seed: int) -> list[str]:
    """Distinct sentences of the grammar that are in no held-out part."""
    rng, found = random.Random(seed), dict[str, None]()
    while len(found) < count:
        text = make_sentence(rng).text
        if text not in forbidden:
            found[text] = None
    return list(found)


def padded(codec: Codec, texts: list[str]) -> torch.Tensor:
    """Ids [sentences, length], right-padded."""
    rows = [torch.tensor(codec.encode(text)) for text in texts]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=PAD)


def next_token_loss(logits: torch.Tensor, ids: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Cross-entropy of ids[1:] given everything before."""
    return F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=PAD, label_smoothing=smoothing)


def train_language_model(
    config: LanguageConfig, codec: Codec, texts: list[str], plan: LanguagePlan, seed: int, log=print
) -> LanguageModel:
    """A language model of the grammar, without sight; stored precision is bfloat16, so its values are rounded."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = LanguageModel(config, codec.size)
    adapters = {id(p) for p in model.adapter_parameters()}
    parameters = [p for p in model.parameters() if id(p) not in adapters]
    optimizer = torch.optim.AdamW(parameters, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01)
    began, losses = time.time(), []
    for step in range(plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * cosine_rate(step, plan.steps, plan.steps // 20 + 1)
        ids = padded(codec, [texts[n] for n in rng.integers(len(texts), size=plan.batch)])
        loss = next_token_loss(model(ids[:, :-1]), ids, 0.0)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(float(loss.detach()))
        if step % 250 == 249:
            log(f"language model step {step + 1}/{plan.steps} loss {np.mean(losses[-250:]):.3f} {time.time() - began:.0f} s")
    with torch.no_grad():
        for parameter in parameters:
            parameter.copy_(parameter.to(torch.bfloat16).float())
        table = model.model.embed_positions.weights
        table.copy_(table.to(torch.bfloat16).float())
    return model


class Translation:
    """Sign model, layer between, adapted language model."""

    def __init__(self, sign: SignModel, language: LanguageModel, codec: Codec, config: LanguageConfig, seed: int) -> None:
        torch.manual_seed(seed)
        self.sign, self.language, self.codec, self.config = sign, language, codec, config
        self.post = PostModel(sign.spatial_model.lin.out_features, config)
        self.rng = np.random.default_rng(seed)

    def cells(self, tokens: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """What the language model looks at, and which cells are valid."""
        located, valid = self.sign(tokens)
        return self.post(located), valid

    def _mode(self, training: bool, learns_signs: bool = False) -> None:
        for part in (self.post, self.language):
            part.train(training)
        self.sign.train(learns_signs)
        self.sign.requires_grad_(learns_signs)
        self.sign.spatial_model.spatial_model.eval()

    def train(self, train: list[SignClip], dev: list[SignClip], plan: Stage2, log=print) -> float:
        """Keeps the weights that are best on the development part; returns their greedy BLEU-4."""
        adapters = self.language.adapter_parameters()
        learns_signs = plan.sign_rate > 0
        tower = {id(p) for p in self.sign.spatial_model.spatial_model.parameters()}
        sign = [p for p in self.sign.parameters() if id(p) not in tower]
        groups = [{"params": [*adapters, *self.post.parameters()], "peak": plan.rate}]
        if learns_signs:
            groups.append({"params": sign, "peak": plan.sign_rate})
        optimizer = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), weight_decay=1e-3)
        noise = TokenNoise(train, self.rng, plan.noise)
        steps, began, best, kept = -(-len(train) // plan.batch), time.time(), -1.0, None
        for epoch in range(plan.epochs):
            self._mode(True, learns_signs)
            losses = []
            for clips in batches(train, plan.batch, self.rng):
                done = epoch * steps + len(losses)
                for group in optimizer.param_groups:
                    group["lr"] = group["peak"] * cosine_rate(done, plan.epochs * steps, plan.epochs * steps // 20 + 1)
                losses.append(self._step(optimizer, clips, noise))
            if epoch % 4 == 3 or epoch == plan.epochs - 1:
                score = bleu4(self.translate(dev, beams=1), [clip.text for clip in dev])
                if score > best:
                    best, kept = score, self._snapshot()
                log(f"stage 2 epoch {epoch + 1} loss {np.mean(losses):.3f} dev {score:.2f} {time.time() - began:.0f} s")
        self._restore(kept)
        return best

    def _step(self, optimizer: torch.optim.Optimizer, clips: list[SignClip], noise: TokenNoise) -> float:
        ids = padded(self.codec, [clip.text for clip in clips])
        cells, valid = self.cells([noise(clip.tokens) for clip in clips])
        loss = next_token_loss(self.language(ids[:, :-1], cells, valid), ids, self.config.label_smoothing)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)
        optimizer.step()
        return float(loss.detach())

    def _snapshot(self) -> list[dict]:
        parts = (self.sign, self.post, self.language)
        return [{name: value.clone() for name, value in part.state_dict().items()} for part in parts]

    def _restore(self, kept: list[dict]) -> None:
        for part, state in zip((self.sign, self.post, self.language), kept):
            part.load_state_dict(state)

    @torch.no_grad()
    def translate(self, clips: list[SignClip], beams: int | None = None) -> list[str]:
        """Sentences by deterministic beam search."""
        self._mode(False)
        found = []
        for clip in clips:
            cells, valid = self.cells([clip.tokens])
            found.append(self.codec.decode(self._search(cells, valid, beams or self.config.beams)))
        return found

    def _search(self, cells: torch.Tensor, valid: torch.Tensor, beams: int) -> list[int]:
        """Beam search with length penalty 1; a hypothesis' score is its log-probability over its ids with `</s>` in front."""
        ids, scores = torch.tensor([[EOS]]), torch.zeros(1)
        finished: list[tuple[float, list[int]]] = []
        for length in range(1, self.config.max_length):
            count = len(ids)
            logits = self.language(ids, cells.expand(count, -1, -1), valid.expand(count, -1))[:, -1]
            totals = (scores[:, None] + logits.log_softmax(-1)).flatten()
            best, places = totals.topk(2 * beams)
            rows, tokens, kept = [], [], []
            for rank, (score, place) in enumerate(zip(best.tolist(), places.tolist())):
                row, token = divmod(place, logits.shape[1])
                if token == EOS:
                    if rank < beams:
                        finished.append((score / length, ids[row, 1:].tolist()))
                elif len(rows) < beams:
                    rows.append(row)
                    tokens.append(token)
                    kept.append(score)
            finished = sorted(finished, reverse=True)[:beams]
            if len(finished) == beams and finished[-1][0] >= kept[0] / length:
                break
            ids = torch.cat([ids[rows], torch.tensor(tokens)[:, None]], 1)
            scores = torch.tensor(kept)
        else:
            finished += [(s / self.config.max_length, row[1:].tolist()) for s, row in zip(scores.tolist(), ids)]
        return max(finished)[1]


def bleu4(hypotheses: list[str], texts: list[str]) -> float:
    """Corpus BLEU-4 (13a); references get the blank before the full stop removed, as translations have."""
    return BLEU().corpus_score(hypotheses, [[text.replace(" .", ".") for text in texts]]).score
