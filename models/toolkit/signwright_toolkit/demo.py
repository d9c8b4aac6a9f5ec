"""The demo corpus: a few held-out clips with their labels."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from .heldout import records
from .text.words import SIGN_OF_WORD

FPS = 25
SHORTEST, LONGEST = 3 * FPS, 8 * FPS


def choose(found: list[dict], count: int) -> list[dict]:
    """Clips of 3 to 8 seconds, signers in turn, in the order of their ids."""
    fitting = [record for record in found if SHORTEST <= record["frames"] <= LONGEST]
    by_signer: dict[str, list[dict]] = {}
    for record in fitting:
        by_signer.setdefault(record["signer"], []).append(record)
    chosen: list[dict] = []
    while len(chosen) < count and any(by_signer.values()):
        for signer in sorted(by_signer):
            if by_signer[signer] and len(chosen) < count:
                chosen.append(by_signer[signer].pop(0))
    return sorted(chosen, key=lambda record: record["id"])


def write_demo(folder: Path, heldout: Path, test: int, dev: int) -> list[dict]:
    """`clips/`, references.csv and signs.json."""
    chosen = choose(records(heldout, "test"), test) + choose(records(heldout, "dev"), dev)
    clips = folder / "clips"
    if clips.exists():
        shutil.rmtree(clips)
    clips.mkdir(parents=True)
    for record in chosen:
        shutil.copyfile(heldout / f"{record['id']}.mp4", clips / f"{record['id']}.mp4")
    with (folder / "references.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "file", "split", "signer", "text", "gloss"])
        for record in chosen:
            row = [
                record["id"],
                f"clips/{record['id']}.mp4",
                record["split"],
                record["signer"],
                record["text"],
                record["gloss"],
            ]
            writer.writerow(row)
    signs = {
        "fps": FPS,
        "frames": "first and last are frame numbers from 0, both included; frames between signs belong to none",
        "clips": {
            record["id"]: {
                "frames": record["frames"],
                "signs": [{"gloss": gloss, "first": first, "last": last} for gloss, first, last in record["signs"]],
            }
            for record in chosen
        },
        "words": SIGN_OF_WORD,
    }
    (folder / "signs.json").write_text(json.dumps(signs, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return chosen
