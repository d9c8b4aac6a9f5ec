"""Stage 1: pseudo-gloss pre-training. Which words a clip contains is all that the model is told."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from ..model.pretext import cosine_rate
from .config import HeadConfig, SignEncoderConfig, VisionConfig
from .encoder import SignModel
from .frames import SignClip
from .prototypes import PrototypeHead, presence, presence_loss
from .pseudo_gloss import SIGN_OF, pseudo_glosses, too_frequent
from .vision import seen_pixels

CELL_FRAMES = 4
"""Source frames from one cell's centre to the next: stride 2 and one pool of 2."""


@dataclass(frozen=True)
class Stage1:
    """Epochs on cached class tokens, then epochs through the tower's LoRA."""

    epochs: int = 25
    tower_epochs: int = 1
    batch: int = 24
    rate: float = 1e-3
    tower_rate: float = 3e-4
    noise: float = 0.15


class Targets:
    """Sentence -> multi-hot row over the vocabulary, without the too frequent ones."""

    def __init__(self, words: dict, config: HeadConfig) -> None:
        self.ids: dict[str, int] = words["dict_lem_to_id"]
        self.left_out = too_frequent(words, config.too_frequent)

    def row(self, sentence: str) -> torch.Tensor:
        """[pseudo-glosses] of 0 and 1."""
        row = torch.zeros(len(self.ids))
        for gloss in pseudo_glosses(sentence):
            if gloss in self.ids and gloss not in self.left_out:
                row[self.ids[gloss]] = 1
        return row


class TokenNoise:
    """Varies class tokens: tempo, a shift a clip, noise a row."""

    def __init__(self, clips: list[SignClip], rng: np.random.Generator, strength: float) -> None:
        self.rng, self.strength = rng, strength
        self.spread = torch.cat([clip.tokens for clip in clips[::20]]).std(0)

    def _normal(self, *shape: int) -> torch.Tensor:
        return torch.from_numpy(self.rng.normal(0, self.strength, shape).astype(np.float32)) * self.spread

    def __call__(self, tokens: torch.Tensor) -> torch.Tensor:
        count = max(2, round(len(tokens) * float(self.rng.uniform(0.85, 1.15))))
        picked = tokens[torch.linspace(0, len(tokens) - 1, count).round().long()]
        return picked + self._normal(1, picked.shape[1]) + self._normal(*picked.shape)


def batches(clips: list[SignClip], size: int, rng: np.random.Generator) -> list[list[SignClip]]:
    """Shuffled batches of clips of similar length."""
    order = rng.permutation(len(clips))
    length = [len(clip.tokens) for clip in clips]
    pools = [sorted(order[k : k + 10 * size], key=lambda n: length[n]) for k in range(0, len(order), 10 * size)]
    groups = [[clips[n] for n in pool[k : k + size]] for pool in pools for k in range(0, len(pool), size)]
    return [groups[k] for k in rng.permutation(len(groups))]


class PreTraining:
    """The sign model with its prototype head."""

    def __init__(self, vision: VisionConfig, encoder: SignEncoderConfig, head: HeadConfig, words: dict, seed: int) -> None:
        torch.manual_seed(seed)
        self.words, self.head_config, self.vision, self.encoder_config = words, head, vision, encoder
        self.targets = Targets(words, head)
        self.model = SignModel(vision, encoder)
        # fastText's vectors cannot be shipped: random directions keep the prototypes as far apart as theirs are.
        prototypes = torch.randn(len(words["dict_lem_to_id"]), head.width)
        self.head = PrototypeHead(encoder.width, prototypes, head)
        self.rng = np.random.default_rng(seed)

    def located(self, tokens: list[torch.Tensor]) -> torch.Tensor:
        """E of clips given as class tokens."""
        return self.head(*self.model(tokens))

    def _parameters(self, with_lora: bool) -> list[dict]:
        tower = self.model.spatial_model.spatial_model
        frozen = {id(p) for p in tower.parameters()}
        free = [p for p in [*self.model.parameters(), *self.head.parameters()] if id(p) not in frozen]
        groups = [{"params": free, "scale": 1.0}]
        if with_lora:
            groups.append({"params": tower.lora_parameters(), "scale": 1.0})
        return groups

    def _step(self, optimizer: torch.optim.Optimizer, tokens: list[torch.Tensor], clips: list[SignClip]) -> float:
        targets = torch.stack([self.targets.row(clip.text) for clip in clips])
        loss = presence_loss(self.located(tokens), targets, self.head_config)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)
        optimizer.step()
        return float(loss.detach())

    def train_cached(self, train: list[SignClip], dev: list[SignClip], plan: Stage1, log=print) -> None:
        """Everything but the tower, on cached class tokens."""
        noise = TokenNoise(train, self.rng, plan.noise)
        optimizer = torch.optim.AdamW(self._parameters(False), lr=plan.rate, weight_decay=1e-3)
        self._epochs(optimizer, train, dev, plan.epochs, plan, plan.rate, lambda clip: noise(clip.tokens), log)

    def train_tower(self, train: list[SignClip], dev: list[SignClip], plan: Stage1, log=print) -> None:
        """The same with gradients into the tower's LoRA; the rest of the tower stays."""
        tower = self.model.spatial_model.spatial_model
        for name, parameter in tower.named_parameters():
            parameter.requires_grad = "lora_" in name
        optimizer = torch.optim.AdamW(self._parameters(True), lr=plan.tower_rate, weight_decay=1e-3)

        def tokens(clip: SignClip) -> torch.Tensor:
            with torch.autocast("cpu", torch.bfloat16):
                return tower(seen_pixels(np.asarray(clip.frames), self.vision)).float()

        self._epochs(optimizer, train, dev, plan.tower_epochs, plan, plan.tower_rate, tokens, log)

    def _epochs(self, optimizer, train, dev, epochs, plan, rate, tokens, log) -> None:
        steps, began = -(-len(train) // plan.batch), time.time()
        for epoch in range(epochs):
            self.model.train()
            self.head.train()
            self.model.spatial_model.spatial_model.eval()
            losses = []
            for clips in batches(train, plan.batch, self.rng):
                for group in optimizer.param_groups:
                    done = epoch * steps + len(losses)
                    group["lr"] = rate * cosine_rate(done, epochs * steps, epochs * steps // 20 + 1)
                losses.append(self._step(optimizer, [tokens(clip) for clip in clips], clips))
            if epoch % 5 == 4 or epoch == epochs - 1:
                log(f"stage 1 epoch {epoch + 1} loss {np.mean(losses):.3f} {self.scores(dev)} {time.time() - began:.0f} s")

    @torch.no_grad()
    def scores(self, clips: list[SignClip], threshold: float = 0.5) -> dict:
        """Micro precision, recall, F1 and macro F1 of the pseudo-glosses, and how often E peaks inside the sign."""
        self.model.eval()
        self.head.eval()
        hits = np.zeros((3, len(self.targets.ids)))
        inside = total = 0
        for clip in clips:
            located = self.located([clip.tokens])
            found = (presence(located)[0] >= threshold).numpy()
            wanted = self.targets.row(clip.text).numpy().astype(bool)
            hits += np.stack([found & wanted, found & ~wanted, ~found & wanted])
            good, seen = self._inside(clip, located[0])
            inside, total = inside + good, total + seen
        return {**_f_scores(hits), "peak_inside_sign": round(inside / total, 4), "peaks": total}

    def _inside(self, clip: SignClip, located: torch.Tensor) -> tuple[int, int]:
        """Pseudo-glosses whose strongest cell's centre lies inside a sign that means them, and all that have a sign."""
        good = total = 0
        for gloss in dict.fromkeys(pseudo_glosses(clip.text)):
            spans = [(first, last) for sign, first, last in clip.signs if sign == SIGN_OF.get(gloss)]
            if gloss in self.targets.ids and gloss not in self.targets.left_out and spans:
                centre = CELL_FRAMES * int(located[:, self.targets.ids[gloss]].argmax())
                good += any(first <= centre <= last for first, last in spans)
                total += 1
        return good, total


def _f_scores(hits: np.ndarray) -> dict:
    """`hits` [true positive | false positive | false negative, pseudo-glosses]."""
    right, wrong, missed = hits.sum(1)
    known = (hits[0] + hits[2]) > 0
    each = hits[0] / np.maximum(hits[0] + (hits[1] + hits[2]) / 2, 1e-9)
    return {
        "precision": round(float(right / max(right + wrong, 1)), 4),
        "recall": round(float(right / max(right + missed, 1)), 4),
        "f1": round(float(right / max(right + (wrong + missed) / 2, 1)), 4),
        "macro_f1": round(float(each[known].mean()), 4),
    }
