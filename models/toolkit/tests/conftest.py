import pytest
import torch

from signwright_toolkit.config import EncoderConfig, TranslatorConfig
from signwright_toolkit.model.translator import Translator
from signwright_toolkit.text.grammar import split_sentences
from signwright_toolkit.text.tokenizer import TextCodec, train_pieces

ENCODER = EncoderConfig(width=24, mlp=32, heads=2, spatial_layers=1, motion_layers=1, spatial_image=32, motion_image=32)
SPIECE = train_pieces([s.text for s in split_sentences(1, {"all": 200})["all"]], 120)


def make_translator() -> Translator:
    """A translator with random weights."""
    torch.manual_seed(1)
    return Translator(ENCODER, TranslatorConfig(), TextCodec(SPIECE))


@pytest.fixture
def translator() -> Translator:
    return make_translator()
