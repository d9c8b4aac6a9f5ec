"""The original computation with PyTorch and transformers: one command a line on stdin, one answer a line on stdout.

Needs torch, transformers, safetensors, numpy and Pillow; ffmpeg for whole clips. Started by bench/extraction.bench.ts.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPVisionModel, T5ForConditionalGeneration, VideoMAEModel
from transformers.modeling_outputs import BaseModelOutput

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
WINDOW, STRIDE = 16, 8
FRAMES_AT_ONCE = 4
MAE_MEAN, MAE_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def read_frames(path: str, width: int, height: int) -> list[Image.Image]:
    raw = np.fromfile(path, dtype=np.uint8).reshape(-1, height, width, 3)
    return [Image.fromarray(frame) for frame in raw]


def decode(video: str, width: int, height: int) -> list[Image.Image]:
    command = ["ffmpeg", "-v", "error", "-i", video, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, dtype=np.uint8)
    return [Image.fromarray(frame) for frame in raw.reshape(-1, height, width, 3)]


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
        self.adapter = load_file(root / "spamo.safetensors")
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
    def visual_tokens(self, spatial: torch.Tensor, motion: torch.Tensor) -> torch.Tensor:
        """SpaMo's sign adapter, fusion mode "joint": [frames, 2048], [windows, 1024] -> [tokens, d]."""

        def project(name: str, x: torch.Tensor) -> torch.Tensor:
            return F.linear(x, self.adapter[f"{name}.weight"], self.adapter[f"{name}.bias"])

        x = torch.cat([project("spatio_proj", spatial), project("spatiotemp_proj", motion)]).T[None]
        for at in (0, 4):
            conv, norm = (f"temporal_encoder.temporal_conv.{index}" for index in (at, at + 1))
            x = F.conv1d(x, self.adapter[f"{conv}.weight"], self.adapter[f"{conv}.bias"])
            stats = (self.adapter[f"{norm}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
            x = F.max_pool1d(F.relu(F.batch_norm(x, *stats)), 2)
        return project("fusion_proj.2", F.gelu(project("fusion_proj.0", x[0].T)))

    @torch.inference_mode()
    def clip_to_text(self, order: dict) -> dict:
        """A video file to token ids, with what lies between."""
        images = decode(order["video"], order["width"], order["height"])
        parts = [images[at : at + FRAMES_AT_ONCE] for at in range(0, len(images), FRAMES_AT_ONCE)]
        spatial = torch.cat([self.spatial(part) for part in parts])
        starts = range(0, len(images) - WINDOW + 1, STRIDE)
        motion = torch.cat([self.motion(images[at : at + WINDOW]) for at in starts])
        prompt = self.t5.shared(torch.tensor([order["prompt"]]))
        embeds = torch.cat([self.visual_tokens(spatial, motion)[None], prompt], dim=1)
        tokens = self.translate(embeds, order["tokens"], order["beams"])
        return {"spatial": spatial.flatten().tolist(), "motion": motion.flatten().tolist(), "values": tokens[0].tolist()}

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
        if order["act"] == "clip":
            start = time.perf_counter()
            answer = peer.clip_to_text(order)
            print(json.dumps({"seconds": time.perf_counter() - start, **answer}), flush=True)
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
