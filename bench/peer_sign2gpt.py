"""Sign2GPT by PyTorch, as its release computes it: one order a line on stdin, one answer a line on stdout.

Writes a stage-2 checkpoint of seeded weights first. Needs torch, numpy and OpenCV, and the model of models/toolkit.
Started by bench/sign2gpt.bench.ts with the checkpoint's path, the number of threads and the sizes as JSON.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models" / "toolkit"))
from signwright_toolkit.sign2gpt.config import LanguageConfig, SignEncoderConfig, VisionConfig  # noqa: E402
from signwright_toolkit.sign2gpt.encoder import SignModel  # noqa: E402
from signwright_toolkit.sign2gpt.language import EOS, LanguageModel, PostModel  # noqa: E402
from signwright_toolkit.sign2gpt.vision import seen_pixels  # noqa: E402


def build(sizes: dict) -> tuple[VisionConfig, SignModel, PostModel, LanguageModel]:
    """Seeded models of these sizes; the gates are open, so that cross-attention is computed."""
    torch.manual_seed(1)
    vision, language = VisionConfig(**sizes["vision"]), LanguageConfig(**sizes["language"])
    sign = SignModel(vision, SignEncoderConfig(**sizes["encoder"])).eval()
    model = LanguageModel(language, sizes["vocabulary"]).eval()
    for layer in model.model.layers:
        layer.self_attn.adaptor_gate.data.fill_(0.5)
    return vision, sign, PostModel(sizes["encoder"]["width"], language).eval(), model


def save(path: str, sign: SignModel, post: PostModel, model: LanguageModel) -> None:
    state = {f"sign_model.sign_model.{name}": value for name, value in sign.state_dict().items()}
    state |= {f"lang_model.{name}": value for name, value in model.state_dict().items()}
    state |= {f"post_model.{name}": value for name, value in post.state_dict().items()}
    torch.save({"model": state}, path)


def search(model: LanguageModel, cells: torch.Tensor, beams: int, tokens: int) -> list[int]:
    """Beam search that feeds all ids again in every step, without an end."""
    ids, sums = torch.tensor([[EOS]]), torch.zeros(1)
    for _ in range(tokens):
        count = len(ids)
        valid = torch.ones(count, cells.shape[1], dtype=torch.bool)
        logits = model(ids, cells.expand(count, -1, -1), valid)[:, -1]
        best, places = (sums[:, None] + logits.log_softmax(-1)).flatten().topk(beams)
        rows, picked = places // logits.shape[1], places % logits.shape[1]
        ids, sums = torch.cat([ids[rows], picked[:, None]], 1), best
    return ids[0].tolist()


def main() -> None:
    torch.set_num_threads(int(sys.argv[2]))
    vision, sign, post, model = build(json.loads(sys.argv[3]))
    save(sys.argv[1], sign, post, model)
    print(json.dumps({"ready": f"torch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        start = time.perf_counter()
        with torch.inference_mode():
            if order["kind"] == "frames":
                frames = np.fromfile(order["file"], dtype=np.uint8).reshape(order["count"], vision.stored, vision.stored, 3)
                spatial = sign.spatial_model
                values = spatial.project(spatial.spatial_model(seen_pixels(frames, vision))).flatten().tolist()
            else:
                cells = torch.from_numpy(np.fromfile(order["file"], dtype=np.float32)).view(1, order["cells"], -1)
                values = search(model, post(cells), order["beams"], order["tokens"])
        print(json.dumps({"seconds": time.perf_counter() - start, "values": values}), flush=True)


if __name__ == "__main__":
    main()
