"""The whole training of the tiny Sign2GPT: tower, stage 1, language model, stage 2, files, card."""

from __future__ import annotations

import json
from pathlib import Path

import sacrebleu
import torch
import transformers

from ..config import CorpusConfig
from ..evaluation import scores
from ..frames import read_shards
from ..text.grammar import split_sentences
from ..training import held_out_texts, say
from .config import HeadConfig, LanguageConfig, SignEncoderConfig, VisionConfig
from .encoder import SignModel
from .files import sizes, write_json, write_language_model, write_stage1, write_stage2, write_tower, write_vocabulary
from .frames import SignClip, fill_tokens, heldout_clips, training_clips
from .language import LanguageModel
from .pretext import train_tower
from .pseudo_gloss import vocabulary
from .stage1 import PreTraining, Stage1
from .stage2 import LanguagePlan, Stage2, Translation, free_sentences, train_language_model
from .tokenizer import Codec
from .vision import VisionTransformer

SEED = 7
TOWER_STEPS = 2500
STAGE1, LANGUAGE, STAGE2 = Stage1(), LanguagePlan(), Stage2()

OBJECTIVES = [
    "Tower: regression of both hands' pose on rendered frames, then frozen; stands in for DINOv2's web-scale training.",
    "Stage 1: which pseudo-glosses a clip contains (binary cross-entropy, weight 10), nothing about when; first on"
    " cached class tokens, then with LoRA in the tower's last blocks. Prototypes are random directions: fastText's"
    " vectors cannot be shipped. Layer scale starts at 0.1 instead of 1e-5, because this training is short.",
    "Language model: next token on sentences of the grammar, none of them held out; rounded to bfloat16 and frozen.",
    "Stage 2: cross-entropy (label smoothing 0.1) through LoRA, zero-gated cross-attention and the layer before the"
    " language model; the sign model stays as stage 1 left it, unlike the publication's, so that prototypes and language"
    " model read the same cells. Cached class tokens are varied (tempo, a shift a clip, noise a row).",
]
LIMITS = [
    "Knows only the synthetic signer of this toolkit: 64 invented signs, 8 drawn figures, one weather-forecast grammar.",
    "The signs belong to no sign language. On any real video its output is meaningless.",
    "Pseudo-glosses come from a hand-made tagging of the grammar's words, not from spaCy.",
]


def _tower(work: Path, config: VisionConfig, shards) -> VisionTransformer:
    path = work / "sign2gpt-tower.pt"
    if not path.exists():
        torch.save(train_tower(config, shards, TOWER_STEPS, SEED, say).state_dict(), path)
    tower = VisionTransformer(config)
    tower.load_state_dict(torch.load(path, weights_only=True))
    return tower.eval()


def _clips(work: Path, config: VisionConfig) -> dict[str, list[SignClip]]:
    shards = read_shards(work / "frames")
    clips = {"train": training_clips(shards)}
    for split in ("dev", "test"):
        clips[split] = heldout_clips(work / "heldout", split, config)
        say(len(clips[split]), "clips of", split, "decoded")
    return clips


def _tokens(folder: Path, clips: dict[str, list[SignClip]], tower: VisionTransformer, config: VisionConfig) -> None:
    """Class tokens of all clips; those that are in `folder` are reused."""
    folder.mkdir(parents=True, exist_ok=True)
    for split, part in clips.items():
        path = folder / f"{split}.pt"
        if not path.exists():
            fill_tokens(part, tower, config, say)
            torch.save([clip.tokens for clip in part], path)
        for clip, tokens in zip(part, torch.load(path, weights_only=True)):
            clip.tokens = tokens


def _finished_stage1(work: Path, out: Path, clips: dict[str, list[SignClip]], training: PreTraining):
    """What an earlier call wrote: the training goes on with stage 2."""
    path = next((out / "stage1").glob("best_result_checkpoint_*.pt"))
    state = torch.load(path, weights_only=True)["model"]
    for part, prefix in ((training.model, "sign_model."), (training.head, "post_model.")):
        part.load_state_dict({name[len(prefix) :]: v for name, v in state.items() if name.startswith(prefix)})
    _tokens(work / "sign2gpt-tokens-lora", clips, training.model.spatial_model.spatial_model, training.vision)
    return training, json.loads((out / "stage1" / "scores.json").read_text())


def train_stage1(work: Path, out: Path, clips: dict[str, list[SignClip]], vision: VisionConfig) -> tuple[PreTraining, dict]:
    """Returns the model with everything the card says about it."""
    corpus = CorpusConfig()
    words = vocabulary([s.text for s in split_sentences(corpus.seed, corpus.sizes)["train"]])
    training = PreTraining(vision, SignEncoderConfig(), HeadConfig(), words, SEED)
    if (out / "stage1" / "scores.json").exists():
        return _finished_stage1(work, out, clips, training)
    tower = _tower(work, vision, read_shards(work / "frames"))
    training.model.spatial_model.spatial_model.load_state_dict(tower.state_dict())
    _tokens(work / "sign2gpt-tokens", clips, tower, vision)
    training.train_cached(clips["train"], clips["dev"], STAGE1, say)
    training.train_tower(clips["train"], clips["dev"], STAGE1, say)
    _tokens(work / "sign2gpt-tokens-lora", clips, training.model.spatial_model.spatial_model, vision)
    found = {split: training.scores(clips[split]) for split in ("dev", "test")}
    write_vocabulary(out / "processed_words.synthetic_pkl", words)
    write_tower(out / "dinov2", tower, vision)
    write_stage1(out / "stage1", training, STAGE1.epochs + STAGE1.tower_epochs, found["dev"]["macro_f1"])
    write_json(out / "stage1" / "scores.json", found)
    say("stage 1", found)
    return training, found


def _language_model(work: Path, config: LanguageConfig, codec: Codec, texts: list[str]) -> LanguageModel:
    path = work / "sign2gpt-language.pt"
    if not path.exists():
        torch.save(train_language_model(config, codec, texts, LANGUAGE, SEED, say).state_dict(), path)
    model = LanguageModel(config, codec.size)
    model.load_state_dict(torch.load(path, weights_only=True))
    return model


def train_stage2(work: Path, out: Path, clips: dict[str, list[SignClip]], first: PreTraining) -> tuple[Translation, dict]:
    """Language model and translation; returns the model with its scores."""
    language = LanguageConfig()
    corpus = CorpusConfig()
    texts = [s.text for s in split_sentences(corpus.seed, corpus.sizes)["train"]]
    texts += free_sentences(LANGUAGE.sentences, held_out_texts(), SEED)
    codec = Codec.trained(texts, language.pieces)
    model = _language_model(work, language, codec, texts)
    sign = SignModel(first.vision, first.encoder_config)
    sign.load_state_dict(first.model.state_dict())
    translation = Translation(sign, model, codec, language, SEED)
    best = translation.train(clips["train"], clips["dev"], STAGE2, say)
    found = {}
    for split in ("dev", "test"):
        hypotheses = translation.translate(clips[split])
        references = [clip.text.replace(" .", ".") for clip in clips[split]]
        found[split] = {"split": split, **scores(hypotheses, references)}
        rows = [{"id": c.id, "reference": r, "hypothesis": h} for c, r, h in zip(clips[split], references, hypotheses)]
        write_json(out / f"{split}.translations.json", rows)
    write_language_model(out / "xglm", translation, codec)
    write_stage2(out / "stage2", translation, first, STAGE2.epochs, best)
    say("stage 2", found)
    return translation, found


def _count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def write_card(out: Path, first: PreTraining, located: dict, translation: Translation, translated: dict) -> None:
    """`card.json`."""
    parameters = {
        "sign_model": _count(translation.sign),
        "prototype_head": _count(first.head),
        "language_model": _count(translation.language),
        "layer_between": _count(translation.post),
    }
    card = {
        "name": "Sign2GPT tiny (synthetic weather signer)",
        "architecture": "Sign2GPT (Wong et al., ICLR 2024), tiny sizes: DINOv2-style tower with LoRA, local-attention sign"
        " encoder, prototype head, XGLM-style language model with LoRA and zero-gated cross-attention",
        "data": {
            "renderer_seed": CorpusConfig().seed,
            "clips": CorpusConfig().sizes,
            "leakage": "no sentence occurs in two clips; the language model saw no held-out sentence; the vocabulary of"
            " pseudo-glosses was made from the training part alone",
            "held_out_input": "development and test scores are computed from frames decoded from H.264 files",
        },
        "sizes": sizes(first.vision, first.encoder_config, first.head_config, translation.config),
        "parameters": {**parameters, "total": sum(parameters.values())},
        "seeds": {"corpus": CorpusConfig().seed, "training": SEED},
        "training": {"objectives": OBJECTIVES, "tower_steps": TOWER_STEPS},
        "selection": "stage 2: weights with the best greedy BLEU-4 on the development part; the test part was scored once",
        "decoding": {"beams": translation.config.beams, "sampling": False, "max_length": translation.config.max_length},
        "scores": {"pseudo_glosses": located, "translation": translated},
        "commands": [
            "pip install models/toolkit",
            "signwright-toolkit render --work WORK",
            "signwright-toolkit train-sign2gpt --work WORK --out MODEL",
        ],
        "software": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "sacrebleu": sacrebleu.__version__,
        },
        "limits": LIMITS,
        "licence": "CC0-1.0",
    }
    write_json(out / "card.json", card)


def train_sign2gpt(work: Path, out: Path) -> None:
    """From rendered frames in `work` to checkpoints in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    vision = VisionConfig()
    clips = _clips(work, vision)
    first, located = train_stage1(work, out, clips, vision)
    translation, translated = train_stage2(work, out, clips, first)
    write_card(out, first, located, translation, translated)
    say("checkpoints written to", out)
