"""XGLM with Sign2GPT's adapters: LoRA on self-attention and a zero-gated cross-attention to the cells.

Source: Sign2GPT (Wong et al. 2024), section 3.3. Names are the checkpoints'.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F

from .config import LanguageConfig
from .encoder import POSITIONS, sinusoid

BOS, PAD, EOS, UNK = 0, 1, 2, 3


def xglm_positions(rows: int, width: int) -> torch.Tensor:
    """[rows + 2, width]: all sines, then all cosines; row of the padding is zero; position p is row p + 2."""
    half = width // 2
    rates = torch.exp(torch.arange(half).float() * -(math.log(10000.0) / (half - 1)))
    angles = torch.arange(rows + 2).float()[:, None] * rates
    table = torch.cat([angles.sin(), angles.cos()], 1)
    table[PAD] = 0
    return table


class ClampedGate(torch.autograd.Function):
    """Clamps to 0..1 and lets the gradient through."""

    @staticmethod
    def forward(ctx, gate: torch.Tensor) -> torch.Tensor:
        return gate.clamp(0, 1)

    @staticmethod
    def backward(ctx, gradient: torch.Tensor) -> torch.Tensor:
        return gradient


class AdaptedAttention(nn.Module):
    """Self-attention and cross-attention over the same frozen projections, each with its own LoRA."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        width = config.width
        self.heads, self.head_width = config.heads, width // config.heads
        self.scale, self.dropout = config.alpha / config.rank, config.dropout
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))
        self.adaptor_gate = nn.Parameter(torch.zeros(1, config.heads, 1, 1))
        for name in ("lora_wq", "lora_wk", "lora_wv", "lora_wo", "adaptor_lora_wq", "adaptor_lora_wk", "adaptor_lora_wv"):
            down, up = nn.Linear(width, config.rank, bias=False), nn.Linear(config.rank, width, bias=False)
            if name not in ("adaptor_lora_wk", "adaptor_lora_wv"):
                nn.init.normal_(down.weight, std=0.2)
                nn.init.zeros_(up.weight)
            self.add_module(f"{name}_l1", down)
            self.add_module(f"{name}_l2", up)

    def _lora(self, name: str, values: torch.Tensor) -> torch.Tensor:
        down, up = getattr(self, f"{name}_l1"), getattr(self, f"{name}_l2")
        return up(down(F.dropout(values, self.dropout, self.training))) * self.scale

    def _heads(self, values: torch.Tensor) -> torch.Tensor:
        return values.view(*values.shape[:2], self.heads, self.head_width).transpose(1, 2)

    def _mixed(self, prefix: str, text: torch.Tensor, source: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        query = self._heads(self.q_proj(text) + self._lora(f"{prefix}lora_wq", text)) * self.head_width**-0.5
        key = self._heads(self.k_proj(source) + self._lora(f"{prefix}lora_wk", source))
        value = self._heads(self.v_proj(source) + self._lora(f"{prefix}lora_wv", source))
        logits = query @ key.transpose(-1, -2)
        if mask is not None:
            logits = logits.masked_fill(~mask, torch.finfo(logits.dtype).min)
        return logits.softmax(-1) @ value

    def forward(
        self, text: torch.Tensor, causal: torch.Tensor, cells: torch.Tensor | None, valid: torch.Tensor | None
    ) -> torch.Tensor:
        mixed = self._mixed("", text, text, causal)
        if cells is not None:
            seen = self._mixed("adaptor_", text, cells, valid[:, None, None])
            mixed = mixed + ClampedGate.apply(self.adaptor_gate) * seen
        mixed = mixed.transpose(1, 2).reshape(text.shape)
        return self.out_proj(mixed) + self.lora_wo_l2(self.lora_wo_l1(mixed))


class DecoderLayer(nn.Module):
    """Pre-norm layer; the norm of the text is applied to the cells too."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.self_attn = AdaptedAttention(config)
        self.self_attn_layer_norm = nn.LayerNorm(config.width)
        self.fc1, self.fc2 = nn.Linear(config.width, config.mlp), nn.Linear(config.mlp, config.width)
        self.final_layer_norm = nn.LayerNorm(config.width)
        self.dropout = config.dropout

    def forward(self, text, causal, cells, valid) -> torch.Tensor:
        norm = self.self_attn_layer_norm
        mixed = self.self_attn(norm(text), causal, None if cells is None else norm(cells), valid)
        text = text + F.dropout(mixed, self.dropout, self.training)
        hidden = self.fc2(F.gelu(self.fc1(self.final_layer_norm(text))))
        return text + F.dropout(hidden, self.dropout, self.training)


class Decoder(nn.Module):
    """Token embedding, layers, final norm."""

    def __init__(self, config: LanguageConfig, vocabulary: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, config.width)
        nn.init.normal_(self.embed_tokens.weight, std=config.width**-0.5)
        self.embed_positions = nn.Module()
        self.embed_positions.register_buffer("weights", xglm_positions(config.positions, config.width))
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.layer_norm = nn.LayerNorm(config.width)
        self.scale, self.dropout = math.sqrt(config.width), config.dropout

    def forward(self, ids: torch.Tensor, cells: torch.Tensor | None, valid: torch.Tensor | None) -> torch.Tensor:
        length = ids.shape[1]
        text = self.embed_tokens(ids) * self.scale + self.embed_positions.weights[2 : length + 2]
        text = F.dropout(text, self.dropout, self.training)
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        for layer in self.layers:
            text = layer(text, causal, cells, valid)
        return self.layer_norm(text)


class LanguageModel(nn.Module):
    """Logits over the vocabulary; the output layer is the embedding."""

    def __init__(self, config: LanguageConfig, vocabulary: int) -> None:
        super().__init__()
        self.model = Decoder(config, vocabulary)
        self.lm_head = nn.Linear(config.width, vocabulary, bias=False)
        self.lm_head.weight = self.model.embed_tokens.weight

    def forward(self, ids, cells=None, valid=None) -> torch.Tensor:
        return self.lm_head(self.model(ids, cells, valid))

    def adapter_parameters(self) -> list[nn.Parameter]:
        """What stage 2 trains of the language model."""
        return [p for name, p in self.named_parameters() if "lora_" in name or "adaptor_" in name]


class PostModel(nn.Module):
    """Z to the decoder's width, after the sinusoid."""

    def __init__(self, width: int, config: LanguageConfig) -> None:
        super().__init__()
        self.fc = nn.Linear(width, config.width)
        self.pos_encoder = nn.Module()
        self.pos_encoder.register_buffer("pos", sinusoid(POSITIONS, width))

    def forward(self, cells: torch.Tensor) -> torch.Tensor:
        return self.fc(cells + self.pos_encoder.pos[:, : cells.shape[1]])
