"""The original computation with PyTorch and transformers: one command a line on stdin, one answer a line on stdout.

Needs torch, transformers, numpy and Pillow. Started by bench/extraction.bench.ts.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from transformers import CLIPVisionModel, T5ForConditionalGeneration, VideoMAEModel
from transformers.modeling_outputs import BaseModelOutput

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
MAE_MEAN, MAE_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_frames(path: str, width: int, height: int) -> list[Image.Image]:
    raw = np.fromfile(path, dtype=np.uint8).reshape(-1, height, width, 3)
    return [Image.fromarray(frame) for frame in raw]


def preprocess(images: list[Image.Image], resample: int, mean, std) -> torch.Tensor:
    """Short side 224, centre crop, normalised: [n, 3, 224, 224]."""
    rows = []
    for image in images:
        w, h = image.size
        short = min(w, h)
        image = image.resize((224 * w // short, 224 * h // short), resample)
        left, top = (image.width - 224) // 2, (image.height - 224) // 2
        pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), dtype=np.float32) / 255
        rows.append(((pixels - np.float32(mean)) / np.float32(std)).transpose(2, 0, 1))
    return torch.from_numpy(np.stack(rows))


class Peer:
    def __init__(self, root: Path, threads: int):
        torch.set_num_threads(threads)
        self.clip = CLIPVisionModel.from_pretrained(root / "clip", dtype=torch.float32).eval()
        self.mae = VideoMAEModel.from_pretrained(root / "videomae", dtype=torch.float32).eval()
        self.mae.layernorm = None  # the feature is taken before the final norm
        self.t5 = T5ForConditionalGeneration.from_pretrained(root / "t5", dtype=torch.float32).eval()

    @torch.inference_mode()
    def spatial(self, images: list[Image.Image]) -> torch.Tensor:
        x = preprocess(images, Image.Resampling.BICUBIC, CLIP_MEAN, CLIP_STD)
        double = F.interpolate(x, size=(448, 448), mode="bicubic", align_corners=False)
        tiles = [double[:, :, 224 * r : 224 * (r + 1), 224 * c : 224 * (c + 1)] for r in (0, 1) for c in (0, 1)]
        one = self.clip(pixel_values=x).last_hidden_state[:, 0]
        four = self.clip(pixel_values=torch.cat(tiles)).last_hidden_state[:, 0]
        return torch.cat([one, four.reshape(4, len(images), -1).mean(0)], dim=1)

    @torch.inference_mode()
    def motion(self, images: list[Image.Image]) -> torch.Tensor:
        x = preprocess(images, Image.Resampling.BILINEAR, MAE_MEAN, MAE_STD)[None]
        return self.mae(pixel_values=x).last_hidden_state[:, 0]

    @torch.inference_mode()
    def translate(self, embeds: torch.Tensor, tokens: int, beams: int) -> torch.Tensor:
        mask = torch.ones(embeds.shape[:2], dtype=torch.long)
        hidden = self.t5.encoder(inputs_embeds=embeds, attention_mask=mask).last_hidden_state
        return self.t5.generate(
            encoder_outputs=BaseModelOutput(last_hidden_state=hidden), attention_mask=mask,
            num_beams=beams, do_sample=False, max_new_tokens=tokens, min_new_tokens=tokens, early_stopping=False,
        )  # fmt: skip

    @torch.inference_mode()
    def gemm(self) -> float:
        """Peak of a large float32 product, GFLOP/s."""
        n = 2048
        a, b = torch.randn(n, n), torch.randn(n, n)
        best = min(self._timed(lambda: a @ b) for _ in range(4))
        return 2 * n**3 / best / 1e9

    @staticmethod
    def _timed(work) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def main() -> None:
    torch.manual_seed(0)
    peer = Peer(Path(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"ready": torch.__version__}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if order["act"] == "gemm":
            print(json.dumps({"gflops": peer.gemm()}), flush=True)
            continue
        if order["act"] == "translate":
            embeds = torch.from_numpy(np.fromfile(order["file"], dtype=np.float32).reshape(1, order["rows"], -1))
            start = time.perf_counter()
            values = peer.translate(embeds, order["tokens"], order["beams"])
        else:
            images = read_frames(order["file"], order["width"], order["height"])
            start = time.perf_counter()
            values = getattr(peer, order["act"])(images)
        print(json.dumps({"seconds": time.perf_counter() - start, "values": values.flatten().tolist()}), flush=True)


if __name__ == "__main__":
    main()
