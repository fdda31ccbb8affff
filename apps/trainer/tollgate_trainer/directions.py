"""Which way a score may move when a feature grows, as the policy says: fitted so, and then tested."""

from dataclasses import dataclass

import numpy as np

from .direction_checks import Features, Predict, sample_rows
from .fit_trees import Parameters

ROWS = 250
SHARES = np.concatenate([np.linspace(0, 0.95, 14), 1 - np.geomspace(0.04, 0.0005, 8), [1.0]])
"""Each feature is tried at these quantiles: most steps of the trees lie among the largest values."""
FALL_MAX = 1e-6
"""In probability: what rounding in float32 may do."""
METHOD = "basic"
"""LightGBM's other two refuse fewer splits, and gained nothing on a quarter of the cards."""


@dataclass(frozen=True)
class Directions:
    """Names of features. What stands for a missing value counts as the value that it is."""

    never_safer: tuple[str, ...] = ()
    """A larger value must never lower a score."""
    never_riskier: tuple[str, ...] = ()

    def signs(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """For each feature 1, -1 or 0. Raises ValueError for one that the rows do not have."""
        unknown = [name for name in (*self.never_safer, *self.never_riskier) if name not in names]
        if unknown:
            raise ValueError(f"the policy's directions name {', '.join(unknown)}: no such feature")
        return tuple((name in self.never_safer) - (name in self.never_riskier) for name in names)

    def as_noted(self) -> dict[str, str]:
        """For the manifest."""
        named = {"neverSafer": self.never_safer, "neverRiskier": self.never_riskier}
        return {name: ", ".join(features) for name, features in named.items() if features}


def constrained(parameters: Parameters, signs: tuple[int, ...]) -> Parameters:
    """The trees' parameters with their monotone constraints; as they were where nothing has a direction."""
    if not any(signs):
        return parameters
    return parameters | {"monotone_constraints": list(signs), "monotone_constraints_method": METHOD}


def check_monotone(
    signs: tuple[int, ...], names: tuple[str, ...], features: Features, predict: Predict
) -> dict[str, float]:
    """
    Each feature with a direction goes through its values, on rows that stay as they are beside it. Gives the
    mean change of the score from the least to the largest; raises ValueError for any step the wrong way.
    """
    rows = sample_rows(features, ROWS)
    changes = {}
    for column, sign in enumerate(signs):
        if sign == 0:
            continue
        values = np.unique(np.quantile(features[:, column], SHARES, method="nearest"))
        tried = np.repeat(rows[None], len(values), axis=0)
        tried[:, :, column] = values[:, None]
        scores = predict(tried.reshape(-1, rows.shape[1])).reshape(len(values), len(rows))
        fall = float((-sign * np.diff(scores, axis=0)).max(initial=0.0))
        if not fall <= FALL_MAX:
            wrong = "safer" if sign > 0 else "riskier"
            name = names[column]
            raise ValueError(f"a larger {name} makes a transaction look {wrong}, by up to {fall:.4f}")
        changes[names[column]] = float((scores[-1] - scores[0]).mean())
    return changes
