"""The card's recent transactions of each row, as the exact ring gave them."""

import numpy as np
from numpy.typing import NDArray

from ..job import Sequences


def open_sequences(given: Sequences, rows: int) -> NDArray[np.float32]:
    """`[rows, slots * channels]`, mapped and not read. Raises ValueError for a file of another size."""
    expected = rows * given.width * 4
    found = given.path.stat().st_size
    if found != expected:
        raise ValueError(f"{given.path} has {found} bytes, {rows} rows need {expected}")
    return np.memmap(given.path, dtype="<f4", mode="r", shape=(rows, given.width))


def inputs_of(
    features: NDArray[np.float32], sequences: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The network's one input: the features, then the sequence."""
    return np.concatenate([features[rows], sequences[rows]], axis=1)
