"""The rows that a scorer is judged on, and the scorers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .cost import Costs, Outcomes
from .ranking import Scores, Truth

DAY_MS = 86_400_000.0


@dataclass(frozen=True)
class Window:
    """Columns of equal length, in event-time order."""

    truth: Truth
    occurred_at_ms: Scores
    entity: NDArray[np.int64] | None
    """A number for each card; none where the data set knows no cards."""
    amount: Scores | None = None
    """Major units of the base currency; without it nothing is said of money."""
    pattern: NDArray[np.object_] | None = None
    """Kind of each fraud."""
    segments: dict[str, NDArray[np.object_]] = field(default_factory=dict)
    """Attributes of people, never features: by name."""

    @property
    def resampled(self) -> NDArray[np.int64]:
        """What is drawn for intervals: cards, or rows where there are none."""
        return np.arange(len(self.truth)) if self.entity is None else self.entity

    @property
    def day(self) -> NDArray[np.int64]:
        return (self.occurred_at_ms // DAY_MS).astype(np.int64)


@dataclass(frozen=True)
class Scorer:
    """Something that ranks the window's rows: a model, or the rules."""

    name: str
    scores: Scores
    is_probability: bool = True
    outcome: Outcomes | None = None
    """What it decides by itself; for models this follows from the budgets."""


@dataclass(frozen=True)
class Budgets:
    """Shares of transactions."""

    alert: float
    """What analysts can look at: review and decline together."""
    decline: float
    others: tuple[float, ...] = (0.001, 0.005, 0.01)
    """Also shown, to compare with the literature."""
    costs: Costs | None = None
    review_by: str = "alertBudget"
    """What sets the review threshold of a model that is registered: also falsePositiveRate, leastCost."""
    false_positive_rate_max: float = 0.005
    """Where the policy names none, the report still shows what this one would give."""
