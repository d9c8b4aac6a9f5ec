"""The tiny Sign2GPT: its rules, and the published computation on golden files where they are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from signwright_toolkit.config import CorpusConfig
from signwright_toolkit.sign2gpt.config import HeadConfig, LanguageConfig, SignEncoderConfig, VisionConfig
from signwright_toolkit.sign2gpt.encoder import SignModel, cells_of
from signwright_toolkit.sign2gpt.language import LanguageModel, PostModel
from signwright_toolkit.sign2gpt.prototypes import PrototypeHead, presence
from signwright_toolkit.sign2gpt.pseudo_gloss import LEXICON, SIGN_OF, pseudo_glosses, too_frequent, vocabulary
from signwright_toolkit.sign2gpt.stage2 import free_sentences
from signwright_toolkit.sign2gpt.tokenizer import Codec
from signwright_toolkit.sign2gpt.vision import VisionTransformer, seen_pixels
from signwright_toolkit.text.grammar import all_glosses, split_sentences

GOLDEN = Path(__file__).parents[4] / "shared" / "golden"
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason=f"{GOLDEN} is not there")


def _loaded(module: torch.nn.Module, state: dict, prefix: str) -> torch.nn.Module:
    own = module.state_dict()
    module.load_state_dict({n: state[prefix + n].float().reshape(own[n].shape) for n in own})
    return module.eval()


def test_every_word_of_the_grammar_is_tagged_and_signs_exist():
    corpus = CorpusConfig()
    texts = [s.text for part in split_sentences(corpus.seed, corpus.sizes).values() for s in part]
    assert {word for text in texts for word in text.split()} <= set(LEXICON)
    assert set(SIGN_OF.values()) <= set(all_glosses())
    assert pseudo_glosses("am montag weht im norden ein starker wind .") == ["montag", "wehen", "norden", "stark", "wind"]


def test_frequent_pseudo_glosses_leave_the_targets_at_the_limit():
    words = vocabulary(["es regen", "es schnee", "frost", "nebel", "sturm"])
    assert too_frequent(words, 0.4) == {"es"}
    assert too_frequent(words, 0.41) == set()


def test_language_model_sentences_are_never_held_out():
    forbidden = set(free_sentences(200, set(), 3))
    assert not forbidden & set(free_sentences(500, forbidden, 3))


@pytest.mark.parametrize("frames", [1, 2, 7, 8, 55])
def test_a_batch_gives_what_each_clip_gives_alone(frames):
    torch.manual_seed(0)
    model = SignModel(VisionConfig(), SignEncoderConfig()).eval()
    tokens = [torch.randn(frames, 96), torch.randn(frames + 9, 96)]
    alone, valid = model(tokens[:1])
    together, valid_together = model(tokens)
    assert int(valid.sum()) == int(valid_together[0].sum()) == cells_of(frames)
    torch.testing.assert_close(together[0, : cells_of(frames)], alone[0, : cells_of(frames)], atol=1e-5, rtol=0)


def test_presence_is_a_probability_and_padding_has_no_part_in_it():
    torch.manual_seed(0)
    head = PrototypeHead(128, torch.randn(9, 300), HeadConfig()).eval()
    cells, valid = torch.randn(2, 6, 128), torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    located = head(cells, valid)
    assert located.shape == (2, 6, 10)
    assert float(located[1, 4:].detach().abs().max()) == 0
    assert bool(((presence(located) >= 0) & (presence(located) <= 1)).all())


def test_a_new_model_does_not_look_at_the_clip():
    torch.manual_seed(0)
    model = LanguageModel(LanguageConfig(), 50).eval()
    ids, valid = torch.tensor([[2, 5, 9]]), torch.ones(1, 4, dtype=torch.bool)
    torch.testing.assert_close(model(ids, torch.randn(1, 4, 128), valid), model(ids))


def test_codec_puts_the_end_token_on_both_sides():
    texts = ["am montag scheint die sonne .", "in der nacht gibt es frost ."] * 20
    codec = Codec.trained(texts, 60)
    ids = codec.encode(texts[0])
    assert ids[0] == ids[-1] == 2
    assert codec.decode(ids) == "am montag scheint die sonne."


@needs_golden
@pytest.mark.parametrize("clip", ["clip_a", "clip_b", "clip_c"])
def test_stage_1_gives_the_published_numbers(clip):
    folder = GOLDEN / "sign2gpt"
    vision = VisionConfig(width=48, depth=5, heads=3, stored=256, image=224, lora_blocks=3)
    state = torch.load(folder / "stage1/best_result_checkpoint_10_0.4321.pt", map_location="cpu", weights_only=True)["model"]
    model = _loaded(SignModel(vision, SignEncoderConfig(width=64, mlp=256)), state, "sign_model.")
    head = _loaded(PrototypeHead(64, torch.zeros(75, 300), HeadConfig()), state, "post_model.")
    files = sorted((GOLDEN / "spamo" / "frames" / clip).glob("*.png"))[::2]
    frames = [np.asarray(Image.open(f).convert("RGB").resize((256, 256), Image.Resampling.BICUBIC)) for f in files]
    with torch.no_grad():
        tokens = model.spatial_model.spatial_model(seen_pixels(np.stack(frames), vision))
        cells, valid = model([tokens])
        located = head(cells, valid)[0][valid[0]]
    np.testing.assert_allclose(tokens, np.load(folder / f"dinov2-tiny/expected/cls_{clip}_resize.npy"), atol=2e-4)
    np.testing.assert_allclose(cells[0][valid[0]], np.load(folder / f"prototype-head/{clip}_Z.npy"), atol=5e-4)
    np.testing.assert_allclose(located, np.load(folder / f"prototype-head/{clip}_E.npy"), atol=3e-4)


@needs_golden
def test_stage_2_gives_the_published_logits():
    folder = GOLDEN / "sign2gpt"
    state = torch.load(folder / "stage2/best_result_checkpoint_10_18.2415.pt", map_location="cpu", weights_only=True)["model"]
    config = LanguageConfig(width=80, layers=3, heads=5, mlp=160, positions=2048)
    language = _loaded(LanguageModel(config, 243), state, "lang_model.")
    between = _loaded(PostModel(64, config), state, "post_model.")
    expected = folder / "stage2.expected"
    ids, mask = np.load(expected / "batch_input_ids.npy"), np.load(expected / "batch_attention_mask.npy")
    logits = np.load(expected / "batch_logits.npy")
    for row, clip in enumerate(("clip_a", "clip_b", "clip_c")):
        cells = torch.from_numpy(np.load(folder / f"prototype-head/{clip}_Z.npy"))[None]
        length = int(mask[row].sum()) - 1
        with torch.no_grad():
            found = language(
                torch.from_numpy(ids[row : row + 1, :length]).long(),
                between(cells),
                torch.ones(1, cells.shape[1], dtype=torch.bool),
            )
        np.testing.assert_allclose(found[0], logits[row, :length], atol=2e-3)


def test_tower_starts_with_lora_that_changes_nothing():
    torch.manual_seed(0)
    config = VisionConfig()
    tower = VisionTransformer(config).eval()
    pixels = torch.randn(2, 3, config.image, config.image)
    before = tower(pixels)
    with torch.no_grad():
        for name, parameter in tower.named_parameters():
            if name.endswith("_l1.weight") and "lora" in name:
                parameter.zero_()
    torch.testing.assert_close(tower(pixels), before)
