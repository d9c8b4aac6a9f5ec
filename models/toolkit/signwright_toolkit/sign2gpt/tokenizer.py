"""A small tokenizer in XGLM's file format: unigram pieces behind four special ids, seven unused words at the end."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer

from ..text.tokenizer import clean_spaces, train_pieces
from .language import BOS, EOS, PAD, UNK

UNUSED = 7
SPECIALS = {"<s>": BOS, "<pad>": PAD, "</s>": EOS, "<unk>": UNK}


def _special(name: str, number: int) -> dict:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": number, "content": name, **flags, "special": True}


def tokenizer_json(spiece: bytes) -> dict:
    """The model in the format of the `tokenizers` library, as XGLM's repositories hold it."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(spiece)
    vocabulary = [[name, 0.0] for name in SPECIALS]
    vocabulary += [[p.piece, p.score] for p in proto.pieces if p.piece not in ("<pad>", "</s>", "<unk>")]
    first = len(vocabulary)
    unused = [f"<madeupword{number}>" for number in range(UNUSED)]
    vocabulary += [[name, 0.0] for name in unused]
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    start, a, b = {"SpecialToken": {"id": "</s>", "type_id": 0}}, *(
        {"Sequence": {"id": name, "type_id": 0}} for name in "AB"
    )
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special(name, number) for name, number in SPECIALS.items()]
        + [_special(name, first + number) for number, name in enumerate(unused)],
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap},
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [start, a],
            "pair": [start, a, start, start, b],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [EOS], "tokens": ["</s>"]}},
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": UNK, "vocab": vocabulary, "byte_fallback": False},
    }


def write_tokenizer(folder: Path, spiece: bytes) -> None:
    """tokenizer.json, tokenizer_config.json, special_tokens_map.json."""
    common = {
        "additional_special_tokens": [f"<madeupword{number}>" for number in range(UNUSED)],
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "sep_token": "</s>",
        "unk_token": "<unk>",
    }
    config = {**common, "model_max_length": 2048, "tokenizer_class": "XGLMTokenizer"}
    for name, value in (
        ("tokenizer.json", tokenizer_json(spiece)),
        ("tokenizer_config.json", config),
        ("special_tokens_map.json", common),
    ):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


class Codec:
    """Sentences to ids and back."""

    def __init__(self, spiece: bytes) -> None:
        self.spiece = spiece
        self.tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json(spiece)))
        self.size = self.tokenizer.get_vocab_size()

    @classmethod
    def trained(cls, texts: list[str], pieces: int) -> Codec:
        """A codec for these sentences."""
        return cls(train_pieces(texts, pieces))

    def encode(self, text: str) -> list[int]:
        """`</s>`, the pieces, `</s>`: what the language model is trained on."""
        return [*self.tokenizer.encode(text).ids, EOS]

    def decode(self, ids: list[int]) -> str:
        """Text without special tokens, blanks before punctuation removed."""
        return clean_spaces(self.tokenizer.decode(ids, skip_special_tokens=True))
