from pathlib import Path

import numpy as np
import pytest

from tollgate_trainer.job import Sequences
from tollgate_trainer.neural.epoch_rows import BATCH, HONEST_A_FRAUD, epoch_rows, padded_inputs
from tollgate_trainer.neural.scale import scale_of
from tollgate_trainer.neural.sequences import inputs_of, open_sequences

LABEL = np.arange(4000) % 100 == 7
TRAINING = np.arange(3000)


def sequences_in(folder: Path, slots: int) -> Sequences:
    return Sequences(folder / "sequences.f32", "card@v1:recent", slots, ("seconds_since", "amount"))


def test_an_epoch_has_every_fraud_and_thirty_honest_rows_for_each_none_twice() -> None:
    rows = epoch_rows(LABEL, TRAINING).sample(np.random.default_rng(1))
    assert len(rows) == len(np.unique(rows)) == 30 * (1 + HONEST_A_FRAUD)
    assert LABEL[rows].sum() == 30
    assert rows.max() < len(TRAINING)
    assert np.array_equal(rows, np.sort(rows))


def test_where_honest_rows_are_few_all_of_them_are_taken() -> None:
    label = np.arange(1000) % 2 == 0
    rows = epoch_rows(label, np.arange(1000)).sample(np.random.default_rng(1))
    assert np.array_equal(rows, np.arange(1000))


def test_batches_are_whole_shuffled_drawn_anew_each_epoch_and_the_same_for_a_seed() -> None:
    epochs = epoch_rows(LABEL, TRAINING)

    def two_epochs() -> list[np.ndarray]:
        random = np.random.default_rng(3)
        return [np.concatenate(list(epochs.batches_of(random))) for _ in range(2)]

    first, second = two_epochs()
    assert len(first) == epochs.batches * BATCH == epochs.count // BATCH * BATCH
    assert not np.array_equal(first, np.sort(first))
    assert set(first[~LABEL[first]]) != set(second[~LABEL[second]])
    assert all(np.array_equal(one, again) for one, again in zip((first, second), two_epochs(), strict=True))


def test_nothing_is_learnt_from_no_fraud_or_from_less_than_a_batch() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        epoch_rows(np.zeros(4000, np.bool_), TRAINING)
    with pytest.raises(ValueError, match="a batch needs 512: use more --transactions"):
        epoch_rows(np.arange(4000) < 3, TRAINING)


def test_a_mapped_file_gives_each_row_its_sequence_after_its_features(tmp_path: Path) -> None:
    sequences = np.arange(5 * 6, dtype="<f4").reshape(5, 6)
    sequences.tofile(tmp_path / "sequences.f32")
    opened = open_sequences(sequences_in(tmp_path, slots=3), 5)
    features = -np.arange(5 * 2, dtype=np.float32).reshape(5, 2)
    inputs = inputs_of(features, opened, np.array([4, 1]))
    assert inputs.dtype == np.float32
    assert inputs.tolist() == [[-8, -9, *sequences[4]], [-2, -3, *sequences[1]]]


def test_a_file_of_another_size_is_refused_with_both_sizes(tmp_path: Path) -> None:
    np.zeros(7, "<f4").tofile(tmp_path / "sequences.f32")
    with pytest.raises(ValueError, match="has 28 bytes, 5 rows need 120"):
        open_sequences(sequences_in(tmp_path, slots=3), 5)


def test_pieces_have_one_shape_hold_every_row_in_order_and_end_with_zeros() -> None:
    features = np.arange(10, dtype=np.float32)[:, None] + 1
    sequences = 10 * features
    rows = np.array([9, 0, 5, 5, 2])
    pieces = list(padded_inputs(features, sequences, rows, at_once=2))
    assert [count for count, _ in pieces] == [2, 2, 1]
    assert {given.shape for _, given in pieces} == {(2, 2)}
    held = np.concatenate([given[:count] for count, given in pieces])
    assert np.array_equal(held, inputs_of(features, sequences, rows))
    assert pieces[-1][1][1].tolist() == [0, 0]


def test_the_scale_is_of_signed_logarithms_and_leaves_out_empty_slots() -> None:
    features = np.array([[0, 5], [np.expm1(2), 5], [-np.expm1(2), 5]], np.float32)
    filled = [[3, 100], [7, 200]]
    sequences = np.array([[-1, -1, *filled[0]], [-1, -1, -1, -1], [-1, -1, *filled[1]]], np.float32)
    scale = scale_of(features, sequences, channels=2)
    mean, spread = scale.features
    assert np.allclose(mean, [0, np.log(6)]) and np.allclose(spread, [np.sqrt(8 / 3), 1])
    assert np.allclose(scale.channels[0], np.log1p(filled).mean(axis=0))
    assert np.allclose(scale.channels[1], np.log1p(filled).std(axis=0))
    assert {part.dtype for part in (*scale.features, *scale.channels)} == {np.dtype(np.float32)}


def test_a_scale_without_any_past_is_still_one() -> None:
    nothing = np.full((4, 6), -1, np.float32)
    mean, spread = scale_of(np.full((4, 1), np.nan, np.float32), nothing, channels=3).channels
    assert np.isfinite(mean).all() and spread.tolist() == [1, 1, 1]
