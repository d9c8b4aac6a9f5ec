"""Spatial model and sign encoder: from a clip's frames to cells.

Source: Sign2GPT (Wong et al. 2024), section 3.1; details (padding, rotary embedding beside the sinusoid,
zero padding that counts in the pool) as its release computes them.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F

from .config import SignEncoderConfig, VisionConfig
from .vision import VisionTransformer

POSITIONS = 2048


def sinusoid(positions: int, width: int) -> torch.Tensor:
    """[1, positions, width]: sine in even, cosine in odd columns."""
    rates = torch.exp(torch.arange(0, width, 2).double() * (-math.log(10000.0) / width))
    angles = torch.arange(positions).double()[:, None] * rates
    table = torch.zeros(positions, width)
    table[:, 0::2], table[:, 1::2] = angles.sin().float(), angles.cos().float()
    return table[None]


def cells_of(frames: int) -> int:
    """Valid cells of a clip with that many selected frames."""
    return frames // 2 + 1


class SpatialModel(nn.Module):
    """Class tokens to Z*: linear layer and batch norm over all real frames of a batch."""

    def __init__(self, vision: VisionConfig, width: int) -> None:
        super().__init__()
        self.spatial_model = VisionTransformer(vision)
        self.lin = nn.Linear(vision.width, width)
        self.bn = nn.BatchNorm1d(width)

    def project(self, tokens: torch.Tensor) -> torch.Tensor:
        """[frames, vision width] -> [frames, width]."""
        return self.bn(self.lin(tokens))


class Rotary(nn.Module):
    """Rotary position embedding; pairs element i with i + half."""

    def __init__(self, head_width: int) -> None:
        super().__init__()
        self.register_buffer("inv_freq", 10000.0 ** (-torch.arange(0, head_width, 2).float() / head_width))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        angles = torch.arange(values.shape[-2]).float()[:, None] * self.inv_freq
        angles = torch.cat([angles, angles], -1)
        half = values.shape[-1] // 2
        turned = torch.cat([-values[..., half:], values[..., :half]], -1)
        return values * angles.cos() + turned * angles.sin()


class Projections(nn.Module):
    """Query, key and value."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))


class LocalAttention(nn.Module):
    """Attention to `window` neighbouring steps."""

    def __init__(self, config: SignEncoderConfig) -> None:
        super().__init__()
        self.heads, self.reach, self.dropout = config.heads, config.window // 2, config.dropout
        self.in_proj_container = Projections(config.width)
        self.rotary_embeddings = Rotary(config.width // config.heads)
        self.proj = nn.Linear(config.width, config.width)

    def forward(self, values: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        count, steps, width = values.shape
        parts = self.in_proj_container
        split = (count, steps, self.heads, width // self.heads)
        query, key, value = (
            layer(values).view(split).transpose(1, 2) for layer in (parts.q_proj, parts.k_proj, parts.v_proj)
        )
        place = torch.arange(steps)
        distance = (place[:, None] - place[None]).abs()
        allowed = ((distance <= self.reach)[None] & valid[:, None]) | (distance == 0)[None]
        mixed = F.scaled_dot_product_attention(
            self.rotary_embeddings(query),
            self.rotary_embeddings(key),
            value,
            attn_mask=allowed[:, None],
            dropout_p=self.dropout if self.training else 0.0,
        )
        return F.dropout(self.proj(mixed.transpose(1, 2).reshape(values.shape)), self.dropout, self.training)


class Mlp(nn.Module):
    """Two linear layers; the names are those of the library that the release uses."""

    def __init__(self, config: SignEncoderConfig) -> None:
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Linear(config.width, config.mlp),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(config.mlp, config.width),
            nn.Dropout(config.dropout),
        )

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.mlp(values)


class Layer(nn.Module):
    """Post-norm transformer layer with layer scale and stochastic depth."""

    def __init__(self, config: SignEncoderConfig, drop_path: float) -> None:
        super().__init__()
        self.token_mixer, self.mlp = LocalAttention(config), Mlp(config)
        self.norm1, self.norm2 = nn.LayerNorm(config.width), nn.LayerNorm(config.width)
        # The release starts at 1e-5 and trains for long; a short training needs a head start.
        self.layer_scale_1 = nn.Parameter(torch.full((config.width,), 0.1))
        self.layer_scale_2 = nn.Parameter(torch.full((config.width,), 0.1))
        self.drop_path = drop_path

    def _kept(self, values: torch.Tensor) -> torch.Tensor:
        if not self.training or not self.drop_path:
            return values
        keep = torch.rand(len(values), 1, 1) >= self.drop_path
        return values * keep / (1 - self.drop_path)

    def forward(self, values: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        values = self.norm1(values + self._kept(self.layer_scale_1 * self.token_mixer(values, valid)))
        return self.norm2(values + self._kept(self.layer_scale_2 * self.mlp(values)))


class Positions(nn.Module):
    """A fixed table of sinusoids."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("pos", sinusoid(POSITIONS, width))


class EmbeddingBlock(nn.Module):
    """Holds the position table under the checkpoint's name."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.pos_emb = Positions(width)


class Network(nn.Module):
    """Two layers, the pool, two layers."""

    def __init__(self, config: SignEncoderConfig) -> None:
        super().__init__()
        layers = [Layer(config, config.drop_path * number / 3) for number in range(4)]
        self.network = nn.ModuleList([nn.ModuleList(layers[:2]), nn.Identity(), nn.ModuleList(layers[2:])])


class SignEncoder(nn.Module):
    """Z* [clips, steps, width] -> Z [clips, cells, width] and which cells are valid."""

    def __init__(self, config: SignEncoderConfig) -> None:
        super().__init__()
        self.embedding_block = EmbeddingBlock(config.width)
        self.network_block = Network(config)

    def forward(self, values: torch.Tensor, lengths: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """`values` are padded with zero rows to at least the longest length + 2."""
        steps = values.shape[1]
        valid = torch.arange(steps)[None] < torch.tensor(lengths)[:, None]
        values = values + self.embedding_block.pos_emb.pos[:, :steps]
        before, _, after = self.network_block.network
        for layer in before:
            values = layer(values, valid)
        values = F.avg_pool1d(values.transpose(1, 2), 3, 2, 1).transpose(1, 2)
        valid = F.max_pool1d(valid.float()[:, None], 3, 2, 1)[:, 0] > 0
        for layer in after:
            values = layer(values, valid)
        return values, valid


class SignModel(nn.Module):
    """Everything that both stages share."""

    def __init__(self, vision: VisionConfig, encoder: SignEncoderConfig) -> None:
        super().__init__()
        self.spatial_model = SpatialModel(vision, encoder.width)
        self.encoder = SignEncoder(encoder)

    def forward(self, tokens: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """Class tokens of each clip [frames, vision width] -> Z and the valid cells."""
        lengths = [len(rows) for rows in tokens]
        projected = self.spatial_model.project(torch.cat(tokens)).split(lengths)
        padded = nn.utils.rnn.pad_sequence(projected, batch_first=True)
        return self.encoder(F.pad(padded, (0, 0, 0, 2)), lengths)
