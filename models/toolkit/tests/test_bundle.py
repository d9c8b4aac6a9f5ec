import json

import torch
from conftest import ENCODER, SPIECE, make_translator

from signwright_toolkit.bundle import load_encoders, load_translator, write_bundle
from signwright_toolkit.config import TranslatorConfig
from signwright_toolkit.model.example import Example
from signwright_toolkit.model.vision import MotionEncoder, SpatialEncoder

CONFIG = TranslatorConfig()
BASE = "t5_model.base_model.model."


def expected_keys(layers: int) -> set[str]:
    """SpaMo's published key layout."""

    def attention(prefix: str) -> set[str]:
        keys = {f"{prefix}.{name}.weight" for name in ("k", "o")}
        for name in ("q", "v"):
            keys |= {f"{prefix}.{name}.{part}.weight" for part in ("base_layer", "lora_A.default", "lora_B.default")}
        return keys

    def block(side: str, index: int) -> set[str]:
        root = f"{BASE}{side}.block.{index}.layer"
        keys = attention(f"{root}.0.SelfAttention")
        last = 1 if side == "encoder" else 2
        if side == "decoder":
            keys |= attention(f"{root}.1.EncDecAttention")
        keys |= {f"{root}.{last}.DenseReluDense.{name}.weight" for name in ("wi_0", "wi_1", "wo")}
        return keys | {f"{root}.{number}.layer_norm.weight" for number in range(last + 1)}

    keys = {"logit_scale", f"{BASE}shared.weight", f"{BASE}lm_head.weight"}
    for side in ("encoder", "decoder"):
        keys |= {f"{BASE}{side}.embed_tokens.weight", f"{BASE}{side}.final_layer_norm.weight"}
        keys.add(f"{BASE}{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight")
        keys = keys.union(*(block(side, index) for index in range(layers)))
    for name in ("spatio_proj", "spatiotemp_proj", "fusion_proj.0", "fusion_proj.2"):
        keys |= {f"{name}.weight", f"{name}.bias"}
    for index in (0, 1, 4, 5):
        keys |= {f"temporal_encoder.temporal_conv.{index}.{part}" for part in ("weight", "bias")}
    for index in (1, 5):
        keys |= {
            f"temporal_encoder.temporal_conv.{index}.{part}"
            for part in ("running_mean", "running_var", "num_batches_tracked")
        }
    return keys


def written(folder):
    translator = make_translator()
    translator.model.add_lora()
    torch.manual_seed(2)
    spatial, motion = SpatialEncoder(ENCODER).eval(), MotionEncoder(ENCODER).eval()
    write_bundle(folder, spatial, motion, translator, SPIECE, ENCODER, CONFIG, 10)
    return translator, spatial, motion


def test_the_checkpoint_has_the_published_layout(tmp_path):
    written(tmp_path)
    stored = torch.load(tmp_path / "spamo.ckpt", weights_only=True)
    state = stored["state_dict"]
    assert set(state) == expected_keys(CONFIG.layers)
    assert len(state) == 35 * CONFIG.layers + 31
    assert stored["pytorch-lightning_version"] == "1.9.5"
    kinds = {name.startswith(BASE): tensor.dtype for name, tensor in state.items() if "tracked" not in name}
    assert kinds == {True: torch.bfloat16, False: torch.float32}
    pointers = {
        state[f"{BASE}{name}"].data_ptr()
        for name in ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight")
    }
    assert len(pointers) == 1


def test_a_written_bundle_computes_what_it_was_written_from(tmp_path):
    translator, spatial, motion = written(tmp_path)
    read_spatial, read_motion, config = load_encoders(tmp_path)
    assert config == ENCODER
    frames, windows = torch.randn(2, 3, 32, 32), torch.randn(2, 16, 3, 32, 32)
    assert torch.equal(read_spatial(frames), spatial(frames))
    assert torch.equal(read_motion(windows), motion(windows))
    example = Example("a", torch.randn(40, 48), torch.randn(4, 24), "heute .", ["HEUTE"])
    translator.model.eval()
    expected, _ = translator.model.visual_tokens([example.spatial], [example.motion])
    read = load_translator(tmp_path)
    assert torch.equal(read.model.visual_tokens([example.spatial], [example.motion])[0], expected)
    assert len(read.translate([example])) == 1


def test_the_library_reads_the_folders(tmp_path):
    from transformers import AutoTokenizer, CLIPVisionModel, T5ForConditionalGeneration, VideoMAEModel

    translator, spatial, motion = written(tmp_path)
    frames, windows = torch.randn(2, 3, 32, 32), torch.randn(2, 16, 3, 32, 32)
    clip = CLIPVisionModel.from_pretrained(tmp_path / "clip")
    assert torch.allclose(clip(frames).last_hidden_state[:, 0], spatial.class_token(frames), atol=1e-5)
    videomae = VideoMAEModel.from_pretrained(tmp_path / "videomae")
    videomae.layernorm = None
    assert torch.allclose(videomae(windows).last_hidden_state[:, 0], motion(windows), atol=1e-5)
    t5 = T5ForConditionalGeneration.from_pretrained(tmp_path / "t5")
    assert torch.equal(t5.lm_head.weight, translator.model.t5.lm_head.weight)
    text = "am samstag scheint im norden die sonne ."
    assert AutoTokenizer.from_pretrained(tmp_path / "t5")(text).input_ids == translator.codec.encode(text)


def test_the_tokenizer_ends_sentences_and_has_sentinels(tmp_path):
    translator, _, _ = written(tmp_path)
    ids = translator.codec.encode("am samstag scheint im norden die sonne .")
    assert ids[-1] == 1
    assert translator.codec.decode(ids) == "am samstag scheint im norden die sonne."
    config = json.loads((tmp_path / "t5" / "tokenizer_config.json").read_text())
    assert config["extra_ids"] == 100
