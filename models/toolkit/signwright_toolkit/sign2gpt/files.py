"""The trained model as files: base weights, stage-1 and stage-2 checkpoints, the dictionary of pseudo-glosses."""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file

from .config import HeadConfig, LanguageConfig, SignEncoderConfig, VisionConfig
from .language import BOS, EOS, PAD
from .stage1 import PreTraining
from .stage2 import Translation
from .tokenizer import Codec, write_tokenizer
from .vision import VisionTransformer


def write_json(path: Path, value: object) -> None:
    """Readable JSON."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_vocabulary(path: Path, words: dict) -> None:
    """`processed_words.*_pkl`: three dictionaries of plain strings, lists and integers."""
    path.write_bytes(pickle.dumps(words, protocol=4))


def write_tower(folder: Path, tower: VisionTransformer, config: VisionConfig) -> None:
    """The tower without LoRA, like DINOv2's published file."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.clone() for name, value in tower.state_dict().items() if "lora_" not in name}
    torch.save(state, folder / "dinov2_pretrain.pth")
    facts = {"patch_size": config.patch, "num_heads": config.heads, "layer_norm_eps": 1e-6, "img_size": config.image}
    write_json(folder / "config.json", facts)


def _is_adapter(name: str) -> bool:
    return "lora_" in name or "adaptor_" in name


def write_language_model(folder: Path, translation: Translation, codec: Codec) -> None:
    """The frozen XGLM with its tokenizer; values fit into bfloat16."""
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, codec.spiece)
    config = translation.config
    write_json(
        folder / "config.json",
        {
            "activation_function": "gelu",
            "architectures": ["XGLMForCausalLM"],
            "attention_heads": config.heads,
            "bos_token_id": BOS,
            "d_model": config.width,
            "decoder_start_token_id": EOS,
            "eos_token_id": EOS,
            "ffn_dim": config.mlp,
            "max_position_embeddings": config.positions,
            "model_type": "xglm",
            "num_layers": config.layers,
            "pad_token_id": PAD,
            "scale_embedding": True,
            "vocab_size": codec.size,
        },
    )
    state = {
        name: value.to(torch.bfloat16).contiguous()
        for name, value in translation.language.state_dict().items()
        if not _is_adapter(name) and not name.startswith("lm_head") and "embed_positions" not in name
    }
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)


def _saved(path: Path, state: OrderedDict) -> None:
    torch.save({"model": state, "optimizer": {}, "trainer": {}, "scheduler": {}}, path)


def write_stage1(folder: Path, training: PreTraining, epoch: int, score: float) -> Path:
    """`best_result_checkpoint_{epoch}_{macro F1}.pt`."""
    folder.mkdir(parents=True, exist_ok=True)
    state = OrderedDict((f"sign_model.{name}", value) for name, value in training.model.state_dict().items())
    state.update((f"post_model.{name}", value) for name, value in training.head.state_dict().items())
    path = folder / f"best_result_checkpoint_{epoch}_{score:.4f}.pt"
    _saved(path, state)
    write_json(folder / "config.json", stage1_settings(training))
    return path


def stage1_settings(training: PreTraining) -> dict:
    """What a stage-1 checkpoint does not contain."""
    vision: VisionConfig = training.vision
    encoder: SignEncoderConfig = training.encoder_config
    return {
        "patch": vision.patch,
        "stored": vision.stored,
        "image": vision.image,
        "vit_heads": vision.heads,
        "vit_lora_alpha": vision.lora_alpha,
        "vit_ln_eps": 1e-6,
        "encoder_heads": encoder.heads,
        "encoder_window": encoder.window,
        "encoder_ln_eps": 1e-5,
        "layer_norm_type": "post",
        "rotary_base": 10000,
        "bn_eps": 1e-5,
        "max_len": 512,
        "stride": encoder.stride,
        "temperature_clamp": [0.01, 1.0],
        "num_classes": len(training.words["dict_lem_to_id"]),
    }


def write_stage2(folder: Path, translation: Translation, first: PreTraining, epoch: int, score: float) -> Path:
    """`best_result_checkpoint_{epoch}_{BLEU-4}.pt`: language model in bfloat16, everything else in float32."""
    folder.mkdir(parents=True, exist_ok=True)
    state = OrderedDict((f"sign_model.sign_model.{name}", v) for name, v in translation.sign.state_dict().items())
    for name, value in translation.language.state_dict().items():
        state[f"lang_model.{name}"] = value if _is_adapter(name) else value.to(torch.bfloat16)
    state["lang_model.lm_head.weight"] = state["lang_model.model.embed_tokens.weight"]
    state.update((f"post_model.{name}", value) for name, value in translation.post.state_dict().items())
    path = folder / f"best_result_checkpoint_{epoch}_{score:.4f}.pt"
    _saved(path, state)
    config: LanguageConfig = translation.config
    write_json(
        folder / "config.json",
        {
            "stage1": stage1_settings(first),
            "lm_heads": config.heads,
            "lm_layers": config.layers,
            "lm_lora_alpha": config.alpha,
            "lm_lora_rank": config.rank,
            "lm_ln_eps": 1e-5,
            "scale_embedding": True,
            "activation": "gelu",
            "gate_type": "clamp",
            "pos_type": "sine",
            "pre_pos": True,
            "pretext": "",
            "max_length": config.max_length,
            "num_beams": config.beams,
            "label_smoothing": config.label_smoothing,
        },
    )
    return path


def sizes(vision: VisionConfig, encoder: SignEncoderConfig, head: HeadConfig, language: LanguageConfig) -> dict:
    """All sizes, for the card."""
    return {"vision": asdict(vision), "encoder": asdict(encoder), "head": asdict(head), "language": asdict(language)}
