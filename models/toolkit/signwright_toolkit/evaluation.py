"""Scores of a written bundle on decoded video files, and its check file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from sacrebleu.metrics import BLEU, CHRF

from .bundle import load_encoders, load_translator
from .features import heldout_examples
from .model.example import Example
from .model.translator import Translator


def scores(hypotheses: list[str], references: list[str]) -> dict:
    """BLEU-1 to 4 and chrF with their sacreBLEU signatures; exact sentences in percent."""
    result: dict[str, object] = {}
    for order in range(1, 5):
        metric = BLEU(max_ngram_order=order)
        result[f"bleu{order}"] = round(metric.corpus_score(hypotheses, [references]).score, 2)
    result["bleu_signature"] = metric.get_signature().format()
    chrf = CHRF()
    result["chrf"] = round(chrf.corpus_score(hypotheses, [references]).score, 2)
    result["chrf_signature"] = chrf.get_signature().format()
    exact = sum(h == r for h, r in zip(hypotheses, references))
    result["exact_percent"] = round(100 * exact / len(references), 1)
    result["clips"] = len(references)
    return result


def translated(translator: Translator, examples: list[Example]) -> tuple[list[str], list[str]]:
    """Beam-5 hypotheses, and references with the same spacing before the full stop."""
    return translator.translate(examples), translator.references(examples)


def evaluate(bundle: Path, clips: Path, cache: Path, split: str) -> dict:
    """Translates every video of a split with the bundle's own files."""
    spatial, motion, config = load_encoders(bundle)
    translator = load_translator(bundle)
    examples = heldout_examples(cache, clips, split, config, spatial, motion)
    hypotheses, references = translated(translator, examples)
    result = {"split": split, **scores(hypotheses, references)}
    lines = [
        {"id": e.id, "reference": r, "hypothesis": h, "gloss": " ".join(e.glosses)}
        for e, r, h in zip(examples, references, hypotheses)
    ]
    return {**result, "translations": lines}


def write_check(bundle: Path, clips: Path, cache: Path, ids: list[str]) -> None:
    """Features, visual tokens, token ids and texts of a few clips, for a second implementation to compare with."""
    spatial, motion, config = load_encoders(bundle)
    translator = load_translator(bundle)
    folder = bundle / "check"
    folder.mkdir(exist_ok=True)
    examples = {}
    for split in {name.split("-")[0] for name in ids}:
        examples |= {e.id: e for e in heldout_examples(cache, clips, split, config, spatial, motion)}
    facts = []
    for name in ids:
        example = examples[name]
        np.save(folder / f"{name}.spatial.npy", example.spatial.numpy())
        np.save(folder / f"{name}.motion.npy", example.motion.numpy())
        visual, lengths = translator.model.visual_tokens([example.spatial], [example.motion])
        np.save(folder / f"{name}.visual.npy", visual[0, : lengths[0]].detach().numpy())
        ids_out = translator.generate([example])[0]
        facts.append(
            {
                "id": name,
                "file": f"clips/{name}.mp4",
                "frames": len(example.spatial),
                "windows": len(example.motion),
                "visual_tokens": lengths[0],
                "prompt_ids": translator.prompt.tolist(),
                "beam5_ids": ids_out,
                "beam5_text": translator.codec.decode(ids_out),
                "reference": example.text,
            }
        )
    (folder / "check.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
