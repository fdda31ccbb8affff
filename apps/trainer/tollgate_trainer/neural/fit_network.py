"""Fits the network on labels as they are known; ends when the validation window gains no more."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from numpy.typing import NDArray

from ..evaluation.ranking import Ranking
from .epoch_rows import Rows, epoch_rows, padded_inputs
from .network import Network, Shape
from .scale import scale_of
from .sequences import inputs_of

EPOCHS_MAX = 24
PATIENCE = 4
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 1e-4
SCORED_AT_ONCE = 8192


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
    """The same for the same rows, seed and processor. Raises ValueError without known frauds enough."""
    training, validation = windows
    epochs = epoch_rows(label, training)
    random = np.random.default_rng(seed)
    sample = epochs.sample(random)
    scale = scale_of(features[sample], sequences[sample], shape.channels)
    network = Network(shape, scale, nnx.Rngs(seed))
    schedule = optax.cosine_decay_schedule(LEARNING_RATE, EPOCHS_MAX * epochs.batches)
    optimiser = nnx.Optimizer(network, optax.adamw(schedule, weight_decay=WEIGHT_DECAY), wrt=nnx.Param)
    best, best_state, curve = -1.0, nnx.state(network), []
    for epoch in range(EPOCHS_MAX):
        for some in epochs.batches_of(random):
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
    pieces = padded_inputs(features, sequences, rows, SCORED_AT_ONCE)
    return np.concatenate([_logits_of(network, given)[:count] for count, given in pieces])


def inputs_logits(network: Network, inputs: NDArray[np.float32]) -> NDArray[np.float64]:
    """The same for rows that are inputs already."""
    nothing = np.zeros((len(inputs), 0), dtype=np.float32)
    return logits_of(network, inputs, nothing, np.arange(len(inputs)))


def _logits_of(network: Network, given: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(_forward(network, jnp.asarray(given)))[:, 0].astype(np.float64)


@nnx.jit
def _forward(network: Network, inputs: jax.Array) -> jax.Array:
    return network(inputs)


@nnx.jit
def _step(network: Network, optimiser: nnx.Optimizer, inputs: jax.Array, truth: jax.Array) -> None:
    def loss(module: Network) -> jax.Array:
        return optax.sigmoid_binary_cross_entropy(module(inputs)[:, 0], truth).mean()

    optimiser.update(network, nnx.grad(loss)(network))
