"""Fits the network on labels as they are known; ends when the validation window gains no more."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from numpy.typing import NDArray

from ..evaluation.ranking import Ranking
from ..simple_model import signed_log
from .network import Network, Scale, Shape
from .sequences import inputs_of

HONEST_A_FRAUD = 30
"""Honest rows of an epoch for each fraud, drawn anew each time; calibration takes back what that does."""
BATCH = 512
EPOCHS_MAX = 24
PATIENCE = 4
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-4
SCORED_AT_ONCE = 8192

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class FittedNetwork:
    network: Network
    validation_logits: NDArray[np.float64]
    learning_curve: list[float]
    """Average precision on the validation window after each epoch."""


def fit_network(
    features: NDArray[np.float32],
    sequences: NDArray[np.float32],
    label: NDArray[np.bool_],
    windows: tuple[Rows, Rows],
    shape: Shape,
    seed: int,
) -> FittedNetwork:
    """The same for the same rows, seed and processor. Raises ValueError without a known fraud."""
    training, validation = windows
    frauds, honest = training[label[training]], training[~label[training]]
    if len(frauds) == 0:
        raise ValueError("no transaction is labelled as fraud: there is nothing to learn")
    random = np.random.default_rng(seed)
    drawn = min(len(honest), HONEST_A_FRAUD * len(frauds))
    sample = np.sort(np.append(frauds, random.choice(honest, drawn, replace=False)))
    network = Network(shape, _scale_of(features[sample], sequences[sample], shape), nnx.Rngs(seed))
    steps = EPOCHS_MAX * ((len(frauds) + drawn) // BATCH)
    schedule = optax.cosine_decay_schedule(LEARNING_RATE, steps)
    optimiser = nnx.Optimizer(network, optax.adamw(schedule, weight_decay=WEIGHT_DECAY), wrt=nnx.Param)
    best, best_state, curve = -1.0, nnx.state(network), []
    for epoch in range(EPOCHS_MAX):
        rows = np.append(frauds, random.choice(honest, drawn, replace=False))
        random.shuffle(rows)
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            some = rows[start : start + BATCH]
            given = jnp.asarray(inputs_of(features, sequences, some))
            _step(network, optimiser, given, jnp.asarray(label[some], jnp.float32))
        logits = logits_of(network, features, sequences, validation)
        curve.append(Ranking(label[validation], logits).average_precision())
        print(f"neural: epoch {epoch + 1}, validation average precision {curve[-1]:.4f}", flush=True)
        if curve[-1] > best:
            best, best_state = curve[-1], jax.tree.map(jnp.copy, nnx.state(network))
        elif epoch - int(np.argmax(curve)) >= PATIENCE:
            break
    nnx.update(network, best_state)
    return FittedNetwork(network, logits_of(network, features, sequences, validation), curve)


def logits_of(
    network: Network, features: NDArray[np.float32], sequences: NDArray[np.float32], rows: Rows
) -> NDArray[np.float64]:
    parts = []
    for start in range(0, len(rows), SCORED_AT_ONCE):
        some = rows[start : start + SCORED_AT_ONCE]
        given = inputs_of(features, sequences, some)
        # One shape for all: another one would be compiled anew.
        padded = np.zeros((SCORED_AT_ONCE, given.shape[1]), dtype=np.float32)
        padded[: len(some)] = given
        parts.append(np.asarray(_forward(network, jnp.asarray(padded)))[: len(some), 0])
    return np.concatenate(parts).astype(np.float64)


@nnx.jit
def _forward(network: Network, inputs: jax.Array) -> jax.Array:
    return network(inputs)


@nnx.jit
def _step(network: Network, optimiser: nnx.Optimizer, inputs: jax.Array, truth: jax.Array) -> None:
    def loss(module: Network) -> jax.Array:
        return optax.sigmoid_binary_cross_entropy(module(inputs)[:, 0], truth).mean()

    optimiser.update(network, nnx.grad(loss)(network))


def _scale_of(features: NDArray[np.float32], sequences: NDArray[np.float32], shape: Shape) -> Scale:
    slots = sequences.reshape(-1, shape.channels)
    filled = slots[slots[:, 0] >= 0]
    return Scale(_mean_and_spread(features), _mean_and_spread(filled if len(filled) > 0 else slots))


def _mean_and_spread(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    logarithms = signed_log(values)
    spread = logarithms.std(axis=0)
    spread[spread < 1e-6] = 1.0
    return logarithms.mean(axis=0).astype(np.float32), spread.astype(np.float32)
