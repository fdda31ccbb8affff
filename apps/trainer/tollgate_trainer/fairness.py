"""The policy's limit on how unequally honest people of different groups may be stopped."""

from typing import Any

from .job import Fairness

Figures = dict[str, Any]


def check_fairness(figures: Figures, fairness: Fairness | None) -> None:
    """
    Raises ValueError where even the upper end of the interval of a false_positive_rate_ratio is below the
    policy's limit: what chance alone explains refuses no model. Rows without any segment, as a client's own
    file may be, are not measured; rows with others than the policy names are a mistake.
    """
    segments = figures.get("segments", {})
    if fairness is None or not segments:
        return
    for name in fairness.segments:
        if name not in segments:
            raise ValueError(f"the policy limits unfairness by {name}, but the rows have no segment_{name}")
        _, high = segments[name]["false_positive_rate_ratio_interval"]
        ratio = segments[name]["false_positive_rate_ratio"]
        if high < fairness.ratio_min:
            raise ValueError(
                f"by {name} the false_positive_rate_ratio is {ratio:.3f}, at most {high:.3f} within its "
                f"interval: the policy wants at least {fairness.ratio_min}"
            )
