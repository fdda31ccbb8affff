import numpy as np

from tollgate_trainer.permutation_importance import permutation_importance

RANDOM = np.random.default_rng(4)
ROWS = RANDOM.normal(size=(3000, 4)).astype(np.float32)
TRUTH = RANDOM.random(3000) < 1 / (1 + np.exp(4 - 2 * ROWS[:, 0] - ROWS[:, 2] * ROWS[:, 3]))


def scores_of(rows: np.ndarray) -> np.ndarray:
    logit = 2 * rows[:, 0] + rows[:, 2] * rows[:, 3]
    return 1 / (1 + np.exp(4 - logit.astype(np.float64)))


def test_what_the_model_does_not_read_has_no_share_and_all_shares_are_one() -> None:
    columns = {"read": (0,), "unread": (1,), "read together": (2, 3)}
    shares = permutation_importance(columns, ROWS, TRUTH, scores_of, seed=1)
    assert shares["unread"] == 0
    assert list(shares)[0] == "read"
    assert shares["read"] > shares["read together"] > 0
    assert abs(sum(shares.values()) - 1) < 1e-12


def test_the_same_seed_gives_the_same_shares() -> None:
    columns = {"read": (0,), "other": (2, 3)}
    again = [permutation_importance(columns, ROWS, TRUTH, scores_of, seed=1) for _ in range(2)]
    assert again[0] == again[1]
