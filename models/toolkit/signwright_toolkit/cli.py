"""Console command `signwright-toolkit`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from .card import write_card
from .config import CorpusConfig, EncoderConfig
from .demo import write_demo
from .evaluation import evaluate, write_check
from .frames import write_training_frames
from .heldout import write_heldout
from .sign2gpt.training import train_sign2gpt
from .training import say, train_all


def _render(options: argparse.Namespace) -> None:
    corpus = CorpusConfig()
    write_heldout(options.work / "heldout", corpus, options.workers)
    say("held-out videos written")
    write_training_frames(options.work / "frames", corpus, EncoderConfig(), options.workers)
    say("training frames written")


def _train(options: argparse.Namespace) -> None:
    train_all(options.work, options.out)


def _train_sign2gpt(options: argparse.Namespace) -> None:
    train_sign2gpt(options.work, options.out)


def _evaluate(options: argparse.Namespace) -> None:
    heldout, cache = options.work / "heldout", options.work / "evaluated"
    summary = {}
    for split in ("dev", "test"):
        result = evaluate(options.model, heldout, cache, split)
        lines = result.pop("translations")
        (options.work / f"{split}.translations.json").write_text(
            json.dumps(lines, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        summary[split] = result
        say(split, {key: result[key] for key in ("bleu1", "bleu4", "chrf", "exact_percent")})
    write_card(options.model, options.work / "frames", summary["dev"], summary["test"])


def _demo(options: argparse.Namespace) -> None:
    chosen = write_demo(options.out, options.work / "heldout", options.test, options.dev)
    say(len(chosen), "clips written to", options.out)


def _check(options: argparse.Namespace) -> None:
    write_check(options.model, options.work / "heldout", options.work / "evaluated", options.ids)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="signwright-toolkit", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, action, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(action=action)
        sub.add_argument(
            "--work", type=Path, required=True, help="folder for rendered frames, features and encoders (about 10 GB)"
        )
        sub.add_argument("--threads", type=int, default=2, help="processor threads for PyTorch")
        return sub

    command("render", _render, "Render the training frames and the held-out videos.").add_argument(
        "--workers", type=int, default=2
    )
    command("train", _train, "Train the encoders and the translator and write the model.").add_argument(
        "--out", type=Path, required=True
    )
    command("train-sign2gpt", _train_sign2gpt, "Train the tiny Sign2GPT, both stages, and score it.").add_argument(
        "--out", type=Path, required=True
    )
    command("evaluate", _evaluate, "Score the held-out videos and write the model card.").add_argument(
        "--model", type=Path, required=True
    )
    demo = command("demo", _demo, "Write the demo corpus from held-out videos.")
    demo.add_argument("--out", type=Path, required=True)
    demo.add_argument("--test", type=int, default=20)
    demo.add_argument("--dev", type=int, default=8)
    check = command(
        "check", _check, "Write features and token ids of a few clips for another implementation to compare with."
    )
    check.add_argument("--model", type=Path, required=True)
    check.add_argument("ids", nargs="+")
    return parser


def main() -> None:
    """Entry point."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    options.action(options)


if __name__ == "__main__":
    main()
