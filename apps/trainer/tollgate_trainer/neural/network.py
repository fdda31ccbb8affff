"""The network: a look back over the recent transactions, asked by the present one."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from .scale import Scale

HEADS = 4
WIDTH = 32
HIDDEN = 64
NOT_THERE = -1e9
"""Added to the weight of an empty slot before the softmax."""


@dataclass(frozen=True)
class Shape:
    signs: tuple[int, ...]
    """For each feature its direction: 1, -1, or 0 for none."""
    slots: int
    channels: int

    @property
    def features(self) -> int:
        return len(self.signs)

    @property
    def width(self) -> int:
        return self.features + self.slots * self.channels


class Network(nnx.Module):
    """
    Float32 `[rows, features + slots * channels]` to logits `[rows, 1]`; the oldest slot comes first. Features
    with a direction reach the logit by positive weights only, so that it holds for every row.
    """

    def __init__(self, shape: Shape, scale: Scale, rngs: nnx.Rngs) -> None:
        self.shape = shape
        self.feature_mean = jnp.asarray(scale.features[0])
        self.feature_spread = jnp.asarray(scale.features[1])
        self.channel_mean = jnp.asarray(scale.channels[0])
        self.channel_spread = jnp.asarray(scale.channels[1])
        free = shape.signs.count(0)
        self.present = nnx.Linear(free, WIDTH, rngs=rngs)
        self.past = nnx.Linear(shape.channels, WIDTH, rngs=rngs)
        self.keys = nnx.Linear(WIDTH, WIDTH, use_bias=False, rngs=rngs)
        self.values = nnx.Linear(WIDTH, WIDTH, rngs=rngs)
        self.query = nnx.Linear(WIDTH, WIDTH, use_bias=False, rngs=rngs)
        self.hidden = nnx.Linear(free + 2 * WIDTH, HIDDEN, rngs=rngs)
        self.second = nnx.Linear(HIDDEN, HIDDEN // 2, rngs=rngs)
        self.logit = nnx.Linear(HIDDEN // 2, 1, rngs=rngs)
        if free < shape.features:
            self.directed = Directed(shape.features - free, rngs)

    def __call__(self, inputs: jax.Array) -> jax.Array:
        shape = self.shape
        known = jnp.where(jnp.isnan(inputs), 0.0, inputs)
        features = (signed_log(known[:, : shape.features]) - self.feature_mean) / self.feature_spread
        signs = np.array(shape.signs)
        free = features[:, np.flatnonzero(signs == 0)]
        slots = known[:, shape.features :].reshape(-1, shape.slots, shape.channels)
        # The first channel is the time since then: below 0 where nothing was.
        empty = jnp.where(slots[:, :, 0] < 0, NOT_THERE, 0.0)
        channels = (signed_log(slots) - self.channel_mean) / self.channel_spread
        past = nnx.relu(self.past(channels))
        present = nnx.relu(self.present(free))
        looked = self._look_back(present, past, empty)
        there = jnp.where(empty < 0, 0.0, 1.0)
        count = jnp.maximum(there.sum(axis=1, keepdims=True), 1.0)
        mean = (past * there[:, :, None]).sum(axis=1) / count
        hidden = nnx.relu(self.hidden(jnp.concatenate([free, looked, mean], axis=1)))
        second = nnx.relu(self.second(hidden))
        logit = self.logit(second)
        directed = np.flatnonzero(signs)
        if len(directed) == 0:
            return logit
        rising = features[:, directed] * jnp.asarray(signs[directed], jnp.float32)
        return logit + self.directed(rising, hidden, second)

    def _look_back(self, present: jax.Array, past: jax.Array, empty: jax.Array) -> jax.Array:
        """Attention of several heads with one query: the present transaction."""
        slots, size = self.shape.slots, WIDTH // HEADS
        query = self.query(present).reshape(-1, HEADS, 1, size)
        keys = self.keys(past).reshape(-1, slots, HEADS, size).transpose(0, 2, 1, 3)
        values = self.values(past).reshape(-1, slots, HEADS, size).transpose(0, 2, 1, 3)
        weights = (query * keys).sum(axis=3) / jnp.sqrt(jnp.float32(size)) + empty[:, None, :]
        shares = nnx.softmax(weights, axis=2)
        return (shares[:, :, :, None] * values).sum(axis=2).reshape(-1, WIDTH)


class Directed(nnx.Module):
    """
    What features with a direction add to the logit, in the light of all others: it never falls when one of
    them rises (a partially monotone network: Daniels and Velikova, IEEE Trans. Neural Networks 21(6), 2010).
    """

    def __init__(self, features: int, rngs: nnx.Rngs) -> None:
        self.first = nnx.Linear(features, WIDTH, use_bias=False, rngs=rngs)
        self.first_context = nnx.Linear(HIDDEN, WIDTH, rngs=rngs)
        self.second = nnx.Linear(WIDTH, WIDTH, use_bias=False, rngs=rngs)
        self.second_context = nnx.Linear(HIDDEN // 2, WIDTH, rngs=rngs)
        self.weight = nnx.Linear(HIDDEN // 2, WIDTH, rngs=rngs)

    def __call__(self, rising: jax.Array, hidden: jax.Array, second: jax.Array) -> jax.Array:
        first = nnx.relu(rising @ jnp.abs(self.first.kernel[...]) + self.first_context(hidden))
        added = nnx.relu(first @ jnp.abs(self.second.kernel[...]) + self.second_context(second))
        return (added * nnx.softplus(self.weight(second))).sum(axis=1, keepdims=True) / WIDTH


def signed_log(values: jax.Array) -> jax.Array:
    """As the simple model's: amounts over many orders of magnitude become comparable."""
    return jnp.sign(values) * jnp.log(jnp.abs(values) + 1.0)
