"""The trained model as files: Hugging Face folders and a SpaMo-format Lightning checkpoint."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from .config import EncoderConfig, TranslatorConfig
from .model.preprocess import CLIP_MEAN, CLIP_STD, IMAGENET_MEAN, IMAGENET_STD
from .model.translator import Translator
from .model.vision import MotionEncoder, SpatialEncoder
from .text.tokenizer import TextCodec, write_tokenizer

_T5 = "t5_model.base_model.model."
_TIED = ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_weights(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, path, metadata={"format": "pt"})
    # The library writes files that only their owner may read.
    path.chmod(0o644)


def _preprocessor(kind: str, size: int, mean, std, resample: int) -> dict:
    return {
        "crop_size": size,
        "do_center_crop": True,
        "do_normalize": True,
        "do_resize": True,
        "feature_extractor_type": kind,
        "image_mean": list(mean),
        "image_std": list(std),
        "resample": resample,
        "size": size,
    }


def write_spatial(folder: Path, encoder: SpatialEncoder, config: EncoderConfig) -> None:
    """A CLIP folder that holds the vision tower only."""
    folder.mkdir(parents=True, exist_ok=True)
    vision = {
        "attention_dropout": 0.0,
        "hidden_act": "quick_gelu",
        "hidden_size": config.width,
        "image_size": config.spatial_image,
        "initializer_factor": 1.0,
        "initializer_range": 0.02,
        "intermediate_size": config.mlp,
        "layer_norm_eps": 1e-05,
        "model_type": "clip_vision_model",
        "num_attention_heads": config.heads,
        "num_channels": 3,
        "num_hidden_layers": config.spatial_layers,
        "patch_size": config.patch,
        "projection_dim": config.width,
    }
    outer = {
        "architectures": ["CLIPVisionModel"],
        "model_type": "clip",
        "projection_dim": config.width,
        "vision_config": vision,
    }
    _write_json(folder / "config.json", outer)
    _write_json(
        folder / "preprocessor_config.json",
        _preprocessor("CLIPFeatureExtractor", config.spatial_image, CLIP_MEAN, CLIP_STD, 3),
    )
    tensors = {}
    for name, tensor in encoder.clip.state_dict().items():
        name = name if name.startswith("vision_model.") else f"vision_model.{name}"
        if not name.endswith("position_ids"):
            tensors[name] = tensor.contiguous()
    _write_weights(folder / "model.safetensors", tensors)


def _videomae_name(name: str) -> str:
    """Library name to the published checkpoints' name: query and value keep their biases as q_bias, v_bias."""
    name = name.replace("attention.query.bias", "attention.q_bias").replace("attention.value.bias", "attention.v_bias")
    return f"videomae.{name}"


def write_motion(folder: Path, encoder: MotionEncoder, config: EncoderConfig) -> None:
    """A VideoMAE folder in the pre-training layout, without its decoder; the final norm is the identity's."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {
        "architectures": ["VideoMAEForPreTraining"],
        "attention_probs_dropout_prob": 0.0,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.0,
        "hidden_size": config.width,
        "image_size": config.motion_image,
        "initializer_range": 0.02,
        "intermediate_size": config.mlp,
        "layer_norm_eps": 1e-12,
        "model_type": "videomae",
        "norm_pix_loss": True,
        "num_attention_heads": config.heads,
        "num_channels": 3,
        "num_frames": config.window,
        "num_hidden_layers": config.motion_layers,
        "patch_size": config.patch,
        "qkv_bias": True,
        "tubelet_size": 2,
        "use_mean_pooling": False,
    }
    _write_json(folder / "config.json", values)
    _write_json(
        folder / "preprocessor_config.json",
        _preprocessor("VideoMAEFeatureExtractor", config.motion_image, IMAGENET_MEAN, IMAGENET_STD, 2),
    )
    tensors = {_videomae_name(name): tensor.contiguous() for name, tensor in encoder.videomae.state_dict().items()}
    tensors["videomae.layernorm.weight"] = torch.ones(config.width)
    tensors["videomae.layernorm.bias"] = torch.zeros(config.width)
    _write_weights(folder / "model.safetensors", tensors)


def write_t5(folder: Path, translator: Translator, spiece: bytes) -> None:
    """The frozen base without LoRA, with its tokenizer."""
    write_tokenizer(folder, spiece)
    config = translator.model.t5.config.to_dict()
    config["architectures"] = ["T5ForConditionalGeneration"]
    config["tie_word_embeddings"] = False
    config["feed_forward_proj"], config["dense_act_fn"], config["is_gated_act"] = "gated-gelu", "gelu_new", True
    _write_json(folder / "config.json", config)
    _write_json(folder / "generation_config.json", {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0})
    tensors = {}
    for name, tensor in translator.model.t5.state_dict().items():
        if ".lora_" in name or name in _TIED[1:]:
            continue
        tensors[name.replace(".base_layer.", ".")] = tensor.float().contiguous().clone()
    _write_weights(folder / "model.safetensors", tensors)


def checkpoint_state(translator: Translator) -> OrderedDict:
    """SpaMo's state dict: T5 and LoRA in bfloat16 with one shared embedding, the adapter in float32."""
    state: OrderedDict[str, torch.Tensor] = OrderedDict()
    shared = translator.model.t5.shared.weight.detach().to(torch.bfloat16)
    for name, tensor in translator.model.state_dict().items():
        if name.startswith(_T5):
            state[name] = shared if name[len(_T5) :] in _TIED else tensor.detach().to(torch.bfloat16)
        else:
            state[name] = tensor.detach().clone()
    for name in _TIED:
        state.setdefault(_T5 + name, shared)
    return state


def write_checkpoint(path: Path, translator: Translator, epoch: int, step: int) -> None:
    """A file as PyTorch Lightning 1.9 writes it, without optimizer moments."""
    torch.save(
        {
            "epoch": epoch,
            "global_step": step,
            "pytorch-lightning_version": "1.9.5",
            "state_dict": checkpoint_state(translator),
            "loops": {},
            "callbacks": {},
            "optimizer_states": [],
            "lr_schedulers": [],
        },
        path,
    )


def spamo_settings(encoder: EncoderConfig, config: TranslatorConfig) -> dict:
    """What the checkpoint does not contain."""
    return {
        "input_size": 2 * encoder.width,
        "motion_size": encoder.width,
        "inter_hidden": config.inter_hidden,
        "fusion_mode": "joint",
        "lora_r": config.lora_r,
        "lora_alpha": config.lora_alpha,
        "lora_dropout": config.lora_dropout,
        "lora_targets": ["q", "v"],
        "max_frame_len": 512,
        "max_txt_len": 64,
        "prompt": config.prompt,
        "language": config.language,
        "num_in_context": 0,
        "note": "Not inside the checkpoint. Trained without in-context examples.",
    }


def write_bundle(
    folder: Path,
    spatial: SpatialEncoder,
    motion: MotionEncoder,
    translator: Translator,
    spiece: bytes,
    encoder: EncoderConfig,
    config: TranslatorConfig,
    step: int,
) -> None:
    """Everything the converter reads, except the card."""
    folder.mkdir(parents=True, exist_ok=True)
    write_spatial(folder / "clip", spatial, encoder)
    write_motion(folder / "videomae", motion, encoder)
    write_t5(folder / "t5", translator, spiece)
    write_checkpoint(folder / "spamo.ckpt", translator, 0, step)
    _write_json(folder / "spamo.config.json", spamo_settings(encoder, config))
    _write_json(folder / "toolkit.json", {"encoder": asdict(encoder), "translator": asdict(config)})


def load_encoders(folder: Path) -> tuple[SpatialEncoder, MotionEncoder, EncoderConfig]:
    """The encoders of a bundle, in evaluation mode."""
    config = EncoderConfig(**json.loads((folder / "toolkit.json").read_text())["encoder"])
    spatial, motion = SpatialEncoder(config), MotionEncoder(config)
    stored = load_file(folder / "clip" / "model.safetensors")
    own = {
        name if name.startswith("vision_model.") else f"vision_model.{name}": name for name in spatial.clip.state_dict()
    }
    spatial.clip.load_state_dict({own[name]: tensor for name, tensor in stored.items()})
    stored = load_file(folder / "videomae" / "model.safetensors")
    motion.videomae.load_state_dict({name: stored[_videomae_name(name)] for name in motion.videomae.state_dict()})
    return spatial.eval(), motion.eval(), config


def load_translator(folder: Path) -> Translator:
    """The translator of a bundle as its checkpoint says, computed in float32."""
    settings = json.loads((folder / "toolkit.json").read_text())
    encoder, config = EncoderConfig(**settings["encoder"]), TranslatorConfig(**settings["translator"])
    translator = Translator(encoder, config, TextCodec((folder / "t5" / "spiece.model").read_bytes()))
    translator.model.add_lora()
    state = torch.load(folder / "spamo.ckpt", map_location="cpu", weights_only=True)["state_dict"]
    translator.model.load_state_dict(
        {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    )
    translator.model.eval()
    return translator
