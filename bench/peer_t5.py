"""T5's beam search by transformers: one order a line on stdin, one answer a line on stdout.

Needs torch, transformers and numpy. Started by bench/decoding.bench.ts.
"""

import json
import sys
import time

import numpy as np
import torch
import transformers
from transformers import T5ForConditionalGeneration


def main() -> None:
    torch.set_num_threads(int(sys.argv[2]))
    t5 = T5ForConditionalGeneration.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
    print(json.dumps({"ready": f"torch {torch.__version__}, transformers {transformers.__version__}"}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        embeds = torch.from_numpy(np.fromfile(order["file"], dtype=np.float32).reshape(1, order["rows"], -1))
        start = time.perf_counter()
        with torch.inference_mode():
            ids = t5.generate(
                inputs_embeds=embeds, attention_mask=torch.ones(embeds.shape[:2], dtype=torch.long),
                num_beams=order["beams"], do_sample=False, early_stopping=False,
                max_new_tokens=order["tokens"], min_new_tokens=order["tokens"],
            )  # fmt: skip
        print(json.dumps({"seconds": time.perf_counter() - start, "tokens": ids[0].tolist()}), flush=True)


if __name__ == "__main__":
    main()
