"""Which features the trees gain from."""

import lightgbm


def importance_of(booster: lightgbm.Booster, features: tuple[str, ...]) -> dict[str, float]:
    """Each feature's share of the gain, the largest first."""
    gain = booster.feature_importance("gain")
    total = max(float(gain.sum()), 1e-300)
    shares = {name: float(value) / total for name, value in zip(features, gain, strict=True)}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))
