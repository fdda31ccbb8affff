"""Which shares the parts of a blend get: by splits in time within the rows that a blend is fitted on."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..evaluation.ranking import Ranking
from ..evaluation.tables import Row, markdown_table, text_table
from ..job import Job
from ..training_rows import read_training_rows
from .blend import CURVE_SHARE, LINE_SHARE, TRAINING_SHARE, fit_blend

SPLITS = ((0.4, 0.55), (0.55, 0.7), (0.7, 0.85), (0.85, 1.0))
"""Of the training rows: fitted on those before the first, judged on those up to the second."""
STEP = 0.05
SHOWN = 5
"""Of the best: their neighbours say how much the choice matters."""

MEAN = "averagePrecision"

Logits = NDArray[np.float64]


@dataclass(frozen=True)
class SplitLogits:
    """Of the rows that a split is judged on, by each part alone."""

    truth: NDArray[np.bool_]
    trees: Logits
    line: Logits
    curve: Logits

    def average_precision(self, line: float, curve: float) -> float:
        blended = (1 - line - curve) * self.trees + line * self.line + curve * self.curve
        return Ranking(self.truth, blended).average_precision()


def choose_shares(job: Job) -> list[dict[str, float]]:
    """Leaves shares.json and shares.md; the rows after the training rows are never looked at."""
    rows = read_training_rows(job.rows_path, job.features)
    cut = int(len(rows.fraud) * TRAINING_SHARE)
    splits = []
    for fitted_until, judged_until in SPLITS:
        first, last = int(cut * fitted_until), int(cut * judged_until)
        splits.append(_split(rows.features[:last], rows.fraud[:last], first, job))
        print(f"split: {first:,} rows fitted, {last - first:,} judged", flush=True)
    found = sorted(_judged(splits), key=lambda shares: -shares[MEAN])
    (job.output_folder / "shares.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    table = _table(found)
    (job.output_folder / "shares.md").write_text(markdown_table(table) + "\n", encoding="utf-8")
    print(text_table(table), flush=True)
    return found


def _split(
    features: NDArray[np.float32], truth: NDArray[np.bool_], first: int, job: Job
) -> SplitLogits:
    signs = job.directions.signs(job.features)
    model = fit_blend(features[:first], truth[:first], job.seed, signs)
    judged = features[first:]
    (_, line), (_, curve) = model.lines
    return SplitLogits(
        truth[first:], model.trees.logits(judged), line.logits(judged), curve.logits(judged)
    )


def _judged(splits: list[SplitLogits]) -> list[dict[str, float]]:
    """Every pair of shares that leaves the trees theirs, with the mean of the splits."""
    steps = [round(number * STEP, 2) for number in range(round(1 / STEP) + 1)]
    return [
        {
            "lineShare": line,
            "curveShare": curve,
            MEAN: float(np.mean([split.average_precision(line, curve) for split in splits])),
        }
        for line in steps
        for curve in steps
        if line + curve <= 1
    ]


def _table(found: list[dict[str, float]]) -> list[Row]:
    """The best, each part alone, and what is in the code."""
    named = {"trees alone": (0, 0), "line alone": (1, 0), "squares alone": (0, 1)}
    named |= {"as the code has it": (LINE_SHARE, CURVE_SHARE)}
    by_shares = {(shares["lineShare"], shares["curveShare"]): shares for shares in found}
    chosen = [(f"best {number}", shares) for number, shares in enumerate(found[:SHOWN], start=1)]
    chosen += [(name, by_shares[shares]) for name, shares in named.items()]
    rows = [
        [name, *(f"{shares[part]:g}" for part in ("lineShare", "curveShare")), f"{shares[MEAN]:.4f}"]
        for name, shares in chosen
    ]
    return [["", "line", "line of squares", "mean average precision"], *rows]
