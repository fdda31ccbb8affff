"""Scores of a model on the Handbook's weeks, for `npm run drift-table -- --cbpe`.

    python score_handbook.py ROWS.parquet FOLDER

Fits trees on five weeks and scores everything after them; what comes first is the reference. Writes
little-endian files of equal length, in the order of time: `times` (float64, ms), `scores` (float32), `frauds`
(uint8).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import lightgbm
import numpy as np
import pyarrow.parquet as parquet

TRAINING = ("2018-05-01", "2018-06-05")
"""The first of April's weeks fill the longest windows of the features; a week of delay follows."""
SCORED_FROM = "2018-06-12"
NO_FEATURES = {
    "transactionId",
    "entityKey",
    "occurredAtMs",
    "labelFraud",
    "labelledAtMs",
    "pattern",
    "ruleOutcome",
    "rulesFired",
}
TREES = {
    "objective": "binary",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}


def main(rows_path, folder):
    table = parquet.read_table(rows_path)
    names = [name for name in table.column_names if name not in NO_FEATURES]
    features = np.column_stack([table[name].to_numpy().astype(np.float32) for name in names])
    times = table["occurredAtMs"].to_numpy().astype(np.float64)
    frauds = table["labelFraud"].to_numpy(zero_copy_only=False).astype(np.uint8)
    training = (times >= start_ms(TRAINING[0])) & (times < start_ms(TRAINING[1]))
    data = lightgbm.Dataset(features[training], label=frauds[training], params=TREES)
    trees = lightgbm.train(TREES, data, num_boost_round=200)
    scored = times >= start_ms(SCORED_FROM)
    scores = trees.predict(features[scored], num_threads=1)
    folder.mkdir(parents=True, exist_ok=True)
    times[scored].astype("<f8").tofile(folder / "times")
    np.asarray(scores).astype("<f4").tofile(folder / "scores")
    frauds[scored].tofile(folder / "frauds")
    print(f"{len(names)} features, {int(training.sum())} rows fitted, {int(scored.sum())} rows scored")


def start_ms(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000


main(Path(sys.argv[1]), Path(sys.argv[2]))
