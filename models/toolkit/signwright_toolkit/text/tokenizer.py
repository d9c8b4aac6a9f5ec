"""A small tokenizer in T5's file format (unigram SentencePiece plus 100 sentinels)."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer

PAD, EOS, UNK = 0, 1, 2
SENTINELS = 100
MODEL_MAX_LENGTH = 512


def train_pieces(texts: list[str], pieces: int) -> bytes:
    """Trains SentencePiece with T5's special ids; returns the `spiece.model` bytes."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=pieces,
        model_type="unigram",
        pad_id=PAD,
        eos_id=EOS,
        unk_id=UNK,
        bos_id=-1,
        pad_piece="<pad>",
        eos_piece="</s>",
        unk_piece="<unk>",
        character_coverage=1.0,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def _special(name: str, number: int) -> dict:
    return {
        "id": number,
        "content": name,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def tokenizer_json(spiece: bytes) -> dict:
    """The same model in the format of the `tokenizers` library, as T5's repositories hold it."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(spiece)
    specials = {"<pad>", "</s>", "<unk>"}
    vocabulary = [[piece.piece, 0.0 if piece.piece in specials else piece.score] for piece in proto.pieces]
    sentinels = [f"<extra_id_{number}>" for number in reversed(range(SENTINELS))]
    first = len(vocabulary)
    vocabulary += [[name, 0.0] for name in sentinels]
    added = [_special("<pad>", PAD), _special("</s>", EOS), _special("<unk>", UNK)]
    added += [_special(name, first + index) for index, name in enumerate(sentinels)]
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True}
    end = {"SpecialToken": {"id": "</s>", "type_id": 0}}
    a, b = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [a, end],
            "pair": [a, end, b, end],
            "special_tokens": {"</s>": {"id": "</s>", "ids": [EOS], "tokens": ["</s>"]}},
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": UNK, "vocab": vocabulary, "byte_fallback": False},
    }


def write_tokenizer(folder: Path, spiece: bytes) -> None:
    """spiece.model, tokenizer.json, tokenizer_config.json, special_tokens_map.json."""
    folder.mkdir(parents=True, exist_ok=True)
    sentinels = [f"<extra_id_{number}>" for number in range(SENTINELS)]
    common = {"additional_special_tokens": sentinels, "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    config = {**common, "extra_ids": SENTINELS, "model_max_length": MODEL_MAX_LENGTH, "tokenizer_class": "T5Tokenizer"}
    (folder / "spiece.model").write_bytes(spiece)
    for name, value in (
        ("tokenizer.json", tokenizer_json(spiece)),
        ("tokenizer_config.json", config),
        ("special_tokens_map.json", common),
    ):
        (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


class TextCodec:
    """Sentences to ids and back, from a `tokenizer.json`."""

    def __init__(self, spiece: bytes) -> None:
        self.tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json(spiece)))
        self.size = self.tokenizer.get_vocab_size()

    def encode(self, text: str) -> list[int]:
        """Ids with the closing </s>."""
        return self.tokenizer.encode(text).ids

    def decode(self, ids: list[int]) -> str:
        """Text without special tokens, lower case, blanks before punctuation removed."""
        text = self.tokenizer.decode(ids, skip_special_tokens=True)
        return clean_spaces(text).lower()


def clean_spaces(text: str) -> str:
    """The library's clean-up of decoded text, as far as it concerns this corpus' punctuation."""
    return text.replace(" .", ".").replace(" ?", "?").replace(" !", "!").replace(" ,", ",").strip()
