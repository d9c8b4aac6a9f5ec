"""SpaMo: sign adapter in front of T5 with LoRA.

Implemented from the description in Hwang et al. 2025 (sections 3.2 to 3.4). Module names follow the
published checkpoint, so that a state dict of this class has its keys.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pad_sequence
from transformers import T5Config, T5ForConditionalGeneration

from ..config import EncoderConfig, TranslatorConfig

MIN_ROWS = 16


def visual_length(rows: int) -> int:
    """Visual tokens that `rows` joint feature rows become: two times (kernel 5, pool 2)."""
    return (max(rows, MIN_ROWS) - 12) // 4


class TemporalEncoder(nn.Module):
    """Two times: convolution of width 5, batch norm, ReLU, max-pool of 2. No padding."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.temporal_conv = nn.Sequential(
            nn.Conv1d(width, width, 5),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.MaxPool1d(2),
            nn.Conv1d(width, width, 5),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.MaxPool1d(2),
        )

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """[batch, time, width] -> [batch, (time - 12) // 4, width]."""
        return self.temporal_conv(rows.transpose(1, 2)).transpose(1, 2)


class LoraLinear(nn.Module):
    """A frozen linear layer with a low-rank change: base + scale * B A."""

    def __init__(self, base: nn.Linear, config: TranslatorConfig) -> None:
        super().__init__()
        self.base_layer = base
        self.lora_A = nn.ModuleDict({"default": nn.Linear(base.in_features, config.lora_r, bias=False)})
        self.lora_B = nn.ModuleDict({"default": nn.Linear(config.lora_r, base.out_features, bias=False)})
        nn.init.zeros_(self.lora_B["default"].weight)
        self.dropout = nn.Dropout(config.lora_dropout)
        self.scale = config.lora_alpha / config.lora_r

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Like the base layer."""
        return self.base_layer(x) + self.scale * self.lora_B["default"](self.lora_A["default"](self.dropout(x)))


class _Nest(nn.Module):
    """Gives T5 the two extra levels of name that the published checkpoint has."""

    def __init__(self, name: str, module: nn.Module) -> None:
        super().__init__()
        self.add_module(name, module)


def t5_config(config: TranslatorConfig, vocabulary: int) -> T5Config:
    """Flan-T5's variant in small: gated GELU, untied output layer."""
    return T5Config(
        vocab_size=vocabulary,
        d_model=config.d_model,
        d_kv=config.d_kv,
        d_ff=config.d_ff,
        num_layers=config.layers,
        num_decoder_layers=config.layers,
        num_heads=config.heads,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.1,
        tie_word_embeddings=False,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
        # The fused kernels do not give the attention, which one phase of training looks at.
        attn_implementation="eager",
    )


class SpaMo(nn.Module):
    """The whole translator behind the frozen vision encoders."""

    def __init__(self, encoder: EncoderConfig, config: TranslatorConfig, vocabulary: int) -> None:
        super().__init__()
        hidden = config.inter_hidden
        self.config = config
        self.logit_scale = nn.Parameter(torch.tensor(2.6592))
        t5 = T5ForConditionalGeneration(t5_config(config, vocabulary))
        # The library starts an untied output layer far too large for a tiny model.
        nn.init.normal_(t5.lm_head.weight, std=config.d_model**-0.5)
        self.t5_model = _Nest("base_model", _Nest("model", t5))
        self.spatio_proj = nn.Linear(2 * encoder.width, hidden)
        self.spatiotemp_proj = nn.Linear(encoder.width, hidden)
        self.fusion_proj = nn.Sequential(
            nn.Linear(hidden, config.d_model), nn.GELU(), nn.Linear(config.d_model, config.d_model)
        )
        self.temporal_encoder = TemporalEncoder(hidden)

    @property
    def t5(self) -> T5ForConditionalGeneration:
        """The language model inside the checkpoint's naming levels."""
        return self.t5_model.base_model.model

    def add_lora(self) -> None:
        """Freezes T5 and puts low-rank changes on every q and v."""
        for parameter in self.t5.parameters():
            parameter.requires_grad_(False)
        for name, module in list(self.t5.named_modules()):
            if name.endswith(("Attention",)):
                module.q = LoraLinear(module.q, self.config)
                module.v = LoraLinear(module.v, self.config)

    def visual_tokens(self, spatial: list[torch.Tensor], motion: list[torch.Tensor]) -> tuple[torch.Tensor, list[int]]:
        """Lists of [frames, 2 * width] and [windows, width] -> [batch, tokens, d_model] and lengths."""
        joint = [torch.cat([self.spatio_proj(s), self.spatiotemp_proj(m)]) for s, m in zip(spatial, motion)]
        lengths = [visual_length(len(rows)) for rows in joint]
        padded = pad_sequence(joint, batch_first=True)
        if padded.shape[1] < MIN_ROWS:
            padded = F.pad(padded, (0, 0, 0, MIN_ROWS - padded.shape[1]))
        return self.fusion_proj(self.temporal_encoder(padded)), lengths

    def encoder_inputs(
        self, visual: torch.Tensor, lengths: list[int], prompt: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """[visual rows ; prompt embeddings] per sample, right-padded; and the mask."""
        words = self.t5.shared(prompt)
        rows = [torch.cat([visual[k, :length], words]) for k, length in enumerate(lengths)]
        mask = pad_sequence([torch.ones(len(row), dtype=torch.long) for row in rows], batch_first=True)
        return pad_sequence(rows, batch_first=True), mask


def alignment_loss(model: SpaMo, visual: torch.Tensor, lengths: list[int], labels: torch.Tensor) -> torch.Tensor:
    """VT-Align: contrast between mean visual token and mean target embedding, both over valid rows only."""
    video = torch.stack([visual[k, :length].mean(0) for k, length in enumerate(lengths)])
    valid = (labels >= 0).unsqueeze(-1)
    words = (model.t5.shared(labels.clamp(min=0)) * valid).sum(1) / valid.sum(1)
    logits = model.logit_scale.exp() * F.normalize(words, dim=-1) @ F.normalize(video, dim=-1).T
    target = torch.arange(len(logits))
    return 0.5 * (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target))
