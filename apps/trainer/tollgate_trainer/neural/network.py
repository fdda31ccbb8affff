"""The network: a look back over the recent transactions, asked by the present one."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from flax import nnx

from .scale import Scale

HEADS = 4
WIDTH = 32
HIDDEN = 64
NOT_THERE = -1e9
"""Added to the weight of an empty slot before the softmax."""


@dataclass(frozen=True)
class Shape:
    features: int
    slots: int
    channels: int


class Network(nnx.Module):
    """Float32 `[rows, features + slots * channels]` to logits `[rows, 1]`; the oldest slot comes first."""

    def __init__(self, shape: Shape, scale: Scale, rngs: nnx.Rngs) -> None:
        self.shape = shape
        self.feature_mean = jnp.asarray(scale.features[0])
        self.feature_spread = jnp.asarray(scale.features[1])
        self.channel_mean = jnp.asarray(scale.channels[0])
        self.channel_spread = jnp.asarray(scale.channels[1])
        self.present = nnx.Linear(shape.features, WIDTH, rngs=rngs)
        self.past = nnx.Linear(shape.channels, WIDTH, rngs=rngs)
        self.keys = nnx.Linear(WIDTH, WIDTH, use_bias=False, rngs=rngs)
        self.values = nnx.Linear(WIDTH, WIDTH, rngs=rngs)
        self.query = nnx.Linear(WIDTH, WIDTH, use_bias=False, rngs=rngs)
        self.hidden = nnx.Linear(shape.features + 2 * WIDTH, HIDDEN, rngs=rngs)
        self.second = nnx.Linear(HIDDEN, HIDDEN // 2, rngs=rngs)
        self.logit = nnx.Linear(HIDDEN // 2, 1, rngs=rngs)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        shape = self.shape
        known = jnp.where(jnp.isnan(inputs), 0.0, inputs)
        features = (signed_log(known[:, : shape.features]) - self.feature_mean) / self.feature_spread
        slots = known[:, shape.features :].reshape(-1, shape.slots, shape.channels)
        # The first channel is the time since then: below 0 where nothing was.
        empty = jnp.where(slots[:, :, 0] < 0, NOT_THERE, 0.0)
        channels = (signed_log(slots) - self.channel_mean) / self.channel_spread
        past = nnx.relu(self.past(channels))
        present = nnx.relu(self.present(features))
        looked = self._look_back(present, past, empty)
        there = jnp.where(empty < 0, 0.0, 1.0)
        count = jnp.maximum(there.sum(axis=1, keepdims=True), 1.0)
        mean = (past * there[:, :, None]).sum(axis=1) / count
        together = jnp.concatenate([features, looked, mean], axis=1)
        return self.logit(nnx.relu(self.second(nnx.relu(self.hidden(together)))))

    def _look_back(self, present: jax.Array, past: jax.Array, empty: jax.Array) -> jax.Array:
        """Attention of several heads with one query: the present transaction."""
        slots, size = self.shape.slots, WIDTH // HEADS
        query = self.query(present).reshape(-1, HEADS, 1, size)
        keys = self.keys(past).reshape(-1, slots, HEADS, size).transpose(0, 2, 1, 3)
        values = self.values(past).reshape(-1, slots, HEADS, size).transpose(0, 2, 1, 3)
        weights = (query * keys).sum(axis=3) / jnp.sqrt(jnp.float32(size)) + empty[:, None, :]
        shares = nnx.softmax(weights, axis=2)
        return (shares[:, :, :, None] * values).sum(axis=2).reshape(-1, WIDTH)


def signed_log(values: jax.Array) -> jax.Array:
    """As the simple model's: amounts over many orders of magnitude become comparable."""
    return jnp.sign(values) * jnp.log(jnp.abs(values) + 1.0)
