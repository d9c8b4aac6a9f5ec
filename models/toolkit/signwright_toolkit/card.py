"""Facts for the model card."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import sacrebleu
import torch
import transformers

from .bundle import load_encoders, load_translator
from .config import CorpusConfig, EncoderConfig, TranslatorConfig
from .frames import read_shards
from .text.grammar import all_glosses
from .training import ADAPT, ATTEND, BASE, MOTION_STEPS, SEED, SPATIAL_STEPS

OBJECTIVES = [
    "Vision encoders: supervised on rendered frames (smooth L1 on both hands' position, rotation and fingers; cross-entropy"
    " on the sign being made), then frozen. This stands in for the web-scale pre-training of CLIP and VideoMAE.",
    "Phase 'base': sign adapter and the whole T5 from random weights; cross-entropy (label smoothing 0.05)"
    " + 0.1 VT-Align (masked means) + 0.5 CTC on the synthetic glosses. SpaMo itself uses no glosses: this loss is an addition.",
    "All phases vary the cached features: tempo, a constant shift a clip, noise a row; half of the examples are put together"
    " from signs of several training clips into new sentences of the grammar, never one of the held-out parts.",
    "Phase 'lora': T5 rounded to bfloat16 and frozen; LoRA (r 16, alpha 32 on q and v) and sign adapter; cross-entropy + 0.1 VT-Align.",
    "Phase 'attend': the same, + 0.5 of a loss that asks the cross-attention of the upper half of the decoder's layers to lie on"
    " the sign that a word comes from. It uses the synthetic sign boundaries and changes what the program shows as a word's place"
    " in time; SpaMo has no such loss, and its attention was never asked to point at anything.",
]
LIMITS = [
    "Knows only the synthetic signer of this toolkit: 64 invented signs, 8 drawn figures, one weather-forecast grammar.",
    "The signs belong to no sign language. On any real video its output is meaningless.",
    "Training, development and test clips come from one renderer, so the scores say that the pipeline works and nothing about sign language.",
    "Trained without in-context examples; leave them off.",
]


def _count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def write_card(bundle: Path, frames: Path, dev: dict, test: dict) -> dict:
    """Writes `card.json` beside the weights."""
    spatial, motion, _ = load_encoders(bundle)
    translator = load_translator(bundle)
    model = translator.model
    lora = sum(p.numel() for name, p in model.named_parameters() if ".lora_" in name)
    t5 = _count(model.t5) - lora
    shards = read_shards(frames)
    corpus = CorpusConfig()
    parameters = {
        "spatial_encoder": _count(spatial),
        "motion_encoder": _count(motion),
        "t5": t5,
        "lora": lora,
        "sign_adapter": _count(model) - t5 - lora,
    }
    parameters["total"] = sum(parameters.values())
    card = {
        "name": "SpaMo tiny (synthetic weather signer)",
        "architecture": "SpaMo (Hwang et al., NAACL 2025), tiny sizes: CLIP-style ViT with S2 scales 1 and 2, VideoMAE-style"
        " motion encoder (16 frames, stride 8), sign adapter (joint), Flan-T5-style T5 with LoRA",
        "data": {
            "renderer_seed": corpus.seed,
            "clips": corpus.sizes,
            "signs": len(all_glosses()),
            "signers": 8,
            "training_frames": int(sum(shard.offsets[-1] for shard in shards)),
            "leakage": "no sentence occurs in two clips, so none of the development or test sentences occurs in training",
            "held_out_input": f"development and test scores are computed from frames decoded from {corpus.display_size}x{corpus.display_size} H.264 files",
            "training_input": f"the same signer drawn at {corpus.render_size}x{corpus.render_size} with blur, noise and block compression; features in bfloat16",
        },
        "sizes": {"encoder": asdict(EncoderConfig()), "translator": asdict(TranslatorConfig())},
        "parameters": parameters,
        "seeds": {"corpus": corpus.seed, "training": SEED},
        "training": {
            "spatial_steps": SPATIAL_STEPS,
            "motion_steps": MOTION_STEPS,
            "phases": [asdict(BASE), asdict(ADAPT), asdict(ATTEND)],
            "objectives": OBJECTIVES,
        },
        "selection": "weights with the best greedy BLEU-4 on the development part",
        "decoding": {"beams": 5, "sampling": False, "max_length": 64, "length_penalty": 1.0},
        "scores": {"dev": dev, "test": test},
        "commands": [
            "pip install models/toolkit",
            "signwright-toolkit render --work WORK",
            "signwright-toolkit train --work WORK --out MODEL",
            "signwright-toolkit evaluate --work WORK --model MODEL",
        ],
        "software": {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "sacrebleu": sacrebleu.__version__,
        },
        "limits": LIMITS,
        "licence": "CC0-1.0",
    }
    (bundle / "card.json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return card
