import numpy as np
import pytest
import torch

from signwright_toolkit.config import EncoderConfig, TranslatorConfig
from signwright_toolkit.model.preprocess import resize_and_crop, spatial_picture
from signwright_toolkit.model.spamo import alignment_loss, visual_length
from signwright_toolkit.model.vision import MotionEncoder, SpatialEncoder, extract, window_starts, windows_of

ENCODER = EncoderConfig(width=24, mlp=32, heads=2, spatial_layers=1, motion_layers=1, spatial_image=32, motion_image=32)


@pytest.mark.parametrize(
    ("frames", "windows", "tokens"), [(42, 4, 8), (86, 9, 20), (116, 13, 29), (16, 1, 1), (475, 58, 130), (9, 1, 1)]
)
def test_lengths_follow_from_the_number_of_frames(frames, windows, tokens):
    assert len(window_starts(frames)) == windows
    assert visual_length(frames + windows) == tokens


def test_a_short_clip_repeats_its_last_frame():
    windows = windows_of(np.arange(9)[:, None])
    assert windows.shape == (1, 16, 1)
    assert windows[0, 8:, 0].tolist() == [8] * 8


def test_the_shortest_edge_is_resized_and_the_centre_kept():
    assert resize_and_crop(np.zeros((260, 210, 3), np.uint8), 96, 3).shape == (96, 96, 3)
    assert spatial_picture(np.full((50, 80, 3), 7, np.uint8), 32).tolist() == np.full((32, 32, 3), 7).tolist()


def test_features_have_the_widths_of_both_streams():
    torch.manual_seed(0)
    pictures = np.random.default_rng(0).integers(0, 255, (26, 32, 32, 3), dtype=np.uint8)
    spatial, motion = extract(SpatialEncoder(ENCODER).eval(), MotionEncoder(ENCODER).eval(), pictures, pictures)
    assert spatial.shape == (26, 48)
    assert motion.shape == (2, 24)


def test_visual_tokens_of_a_clip_do_not_depend_on_its_batch(translator):
    model = translator.model.eval()
    clips = [(torch.randn(40, 48), torch.randn(4, 24)), (torch.randn(60, 48), torch.randn(6, 24))]
    alone, (length,) = model.visual_tokens([clips[0][0]], [clips[0][1]])
    together, _ = model.visual_tokens([c[0] for c in clips], [c[1] for c in clips])
    assert torch.allclose(alone[0, :length], together[0, :length], atol=1e-5)


def test_alignment_prefers_matching_pairs(translator):
    model = translator.model
    labels = torch.tensor([[5, 1], [6, 1], [7, 1]])
    matching = model.t5.shared(labels).mean(1, keepdim=True).detach()
    good = alignment_loss(model, matching, [1, 1, 1], labels)
    bad = alignment_loss(model, matching.roll(1, 0), [1, 1, 1], labels)
    assert good < bad


def test_lora_leaves_only_itself_and_the_adapter_to_train():
    from conftest import make_translator

    model = make_translator().model
    model.add_lora()
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert {name for name in trained if name.startswith("t5_model")} == {name for name in trained if ".lora_" in name}
    layers = TranslatorConfig().layers
    assert sum(".lora_A." in name for name in trained) == 2 * 3 * layers
