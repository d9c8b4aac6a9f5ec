"""A small seeded T5 or mT5 of transformers, saved where it is told, and what it computes, as JSON on stdout."""

import json
import sys

import torch
from transformers import MT5Config, MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration

STEPS = 8
LENGTHS = [9, 5]

kind, folder = sys.argv[1:3]
config_class, model_class = {
    "t5": (T5Config, T5ForConditionalGeneration),
    "mt5": (MT5Config, MT5ForConditionalGeneration),
}[kind]
config = config_class(
    vocab_size=96,
    d_model=32,
    d_kv=12,
    d_ff=48,
    num_layers=2,
    num_decoder_layers=3,
    num_heads=3,
    feed_forward_proj="gated-gelu",
    decoder_start_token_id=0,
    pad_token_id=0,
    eos_token_id=1,
    dropout_rate=0.0,
    initializer_factor=2.0,
)
config._attn_implementation = "eager"
# mT5 is published with a head of its own, whatever the default of this transformers is.
config.tie_word_embeddings = kind == "t5"
torch.manual_seed(7)
model = model_class(config).eval()
# As in the published weights: one table for encoder and decoder.
model.encoder.embed_tokens = model.decoder.embed_tokens = model.shared
model.save_pretrained(folder, safe_serialization=True)

longest = max(LENGTHS)
inputs = torch.randn(len(LENGTHS), longest, config.d_model)
mask = torch.tensor([[int(at < length) for at in range(longest)] for length in LENGTHS])
tokens = torch.zeros(len(LENGTHS), 1, dtype=torch.long)
with torch.no_grad():
    for _ in range(STEPS):
        out = model(
            inputs_embeds=inputs, attention_mask=mask, decoder_input_ids=tokens, output_attentions=True
        )
        tokens = torch.cat([tokens, out.logits[:, -1:].argmax(-1)], dim=1)

chosen = out.logits.log_softmax(-1).gather(2, tokens[:, 1:, None])[..., 0]
upper = torch.stack(out.cross_attentions[config.num_decoder_layers // 2 :]).mean(dim=(0, 2))
print(
    json.dumps(
        {
            "inputs": [inputs[row, :length].flatten().tolist() for row, length in enumerate(LENGTHS)],
            "tokens": tokens.tolist(),
            "scores": chosen.sum(1).tolist(),
            "attention": [upper[row, :, :length].tolist() for row, length in enumerate(LENGTHS)],
        }
    )
)
