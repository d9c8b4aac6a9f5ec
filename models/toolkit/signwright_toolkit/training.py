"""The whole training: encoders, features, translator, bundle."""

from __future__ import annotations

import time
from pathlib import Path

import torch

from .bundle import write_bundle
from .config import CorpusConfig, EncoderConfig, TranslatorConfig
from .features import heldout_examples, training_examples
from .frames import Shard, read_shards
from .model.example import Example
from .model.pretext import train_motion, train_spatial
from .model.spamo import SpaMo
from .model.translator import Phase, PhaseRun, Translator
from .model.vision import MotionEncoder, SpatialEncoder
from .text.grammar import all_glosses, split_sentences
from .text.tokenizer import TextCodec, train_pieces

SEED = 7
SPATIAL_STEPS, MOTION_STEPS = 900, 900

# A tiny T5 knows no language yet, so its base is trained first; then SpaMo's own regime: T5 frozen,
# LoRA and the sign adapter learn.
BASE = Phase("base", epochs=30, rate=2e-3, align=0.1, ctc=0.5)
ADAPT = Phase("lora", epochs=6, rate=5e-4, align=0.1)
# Then the attention that Signwright shows learns to look at the sign a word comes from.
ATTEND = Phase("attend", epochs=6, rate=5e-4, align=0.1, attend=0.5)


def say(*words: object) -> None:
    """Progress with the time of day."""
    print(time.strftime("%H:%M:%S"), *words, flush=True)


def trained_encoders(work: Path, shards: list[Shard], config: EncoderConfig) -> tuple[SpatialEncoder, MotionEncoder]:
    """Encoders from `work`, trained there if they are missing."""
    signs = len(all_glosses())
    spatial, motion = SpatialEncoder(config), MotionEncoder(config)
    if not (work / "spatial.pt").exists():
        torch.save(train_spatial(config, shards, signs, SPATIAL_STEPS, SEED, say).state_dict(), work / "spatial.pt")
    if not (work / "motion.pt").exists():
        torch.save(train_motion(config, shards, signs, MOTION_STEPS, SEED, say).state_dict(), work / "motion.pt")
    spatial.load_state_dict(torch.load(work / "spatial.pt", weights_only=True))
    motion.load_state_dict(torch.load(work / "motion.pt", weights_only=True))
    return spatial.eval(), motion.eval()


def round_base(model: SpaMo) -> None:
    """T5 is stored in bfloat16: train LoRA on the values that will be stored."""
    with torch.no_grad():
        for parameter in model.t5.parameters():
            parameter.copy_(parameter.to(torch.bfloat16).float())


def held_out_texts() -> set[str]:
    """Every development and test sentence."""
    corpus = CorpusConfig()
    splits = split_sentences(corpus.seed, corpus.sizes)
    return {sentence.text for split in ("dev", "test") for sentence in splits[split]}


def train_translator(
    train: list[Example],
    dev: list[Example],
    encoder: EncoderConfig,
    config: TranslatorConfig,
    base: Phase = BASE,
    adapt: Phase = ADAPT,
    attend: Phase = ATTEND,
) -> tuple[Translator, bytes, int]:
    """All phases; returns the translator, its SentencePiece model and the number of steps."""
    torch.manual_seed(SEED)
    prompt = config.prompt.format(config.language)
    spiece = train_pieces([example.text for example in train] + [prompt] * 20, config.pieces)
    translator = Translator(encoder, config, TextCodec(spiece))
    forbidden = held_out_texts()
    PhaseRun(translator, base, SEED, forbidden, say).run(train, dev)
    round_base(translator.model)
    translator.model.add_lora()
    PhaseRun(translator, adapt, SEED + 1, forbidden, say).run(train, dev)
    PhaseRun(translator, attend, SEED + 2, forbidden, say).run(train, dev)
    steps = (base.epochs + adapt.epochs + attend.epochs) * -(-len(train) // base.batch)
    return translator, spiece, steps


def train_all(work: Path, out: Path) -> None:
    """From rendered frames in `work` to a bundle in `out`."""
    encoder, config = EncoderConfig(), TranslatorConfig()
    shards = read_shards(work / "frames")
    wanted = CorpusConfig().sizes["train"]
    if sum(len(shard.clips) for shard in shards) != wanted:
        raise SystemExit(f"{work / 'frames'} does not hold {wanted} clips. Run `signwright-toolkit render` first.")
    spatial, motion = trained_encoders(work, shards, encoder)
    train = training_examples(work / "features", shards, spatial, motion, say)
    dev = heldout_examples(work / "features", work / "heldout", "dev", encoder, spatial, motion)
    translator, spiece, steps = train_translator(train, dev, encoder, config)
    write_bundle(out, spatial, motion, translator, spiece, encoder, config, steps)
    say("bundle written to", out)
