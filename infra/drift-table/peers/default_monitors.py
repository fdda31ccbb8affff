"""Evidently's and NannyML's defaults on the same days as `npm run drift-table`: one JSON line.

    python default_monitors.py FOLDER

FOLDER holds `windows.json` and, for each stream it names, three files of little-endian numbers:
`NAME.features` (float32, row by row), `NAME.attributes` (uint8 codes, row by row) and `NAME.times` (float64,
ms). Nothing is tuned: both tools get the reference, the day, and which columns are categories.
"""

import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
# Both report their use to their makers unless they are told not to.
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
os.environ["DO_NOT_TRACK"] = "1"

DAY_MS = 86_400_000


def main(folder):
    layout = json.loads((folder / "windows.json").read_text())
    reference = read_stream(folder, "reference", layout)
    evidently = {"dataset": {}, "column": {}}
    nannyml = {"column": {}}
    calculator = fit_nannyml(reference, layout)
    for stream in layout["streams"]:
        frame = read_stream(folder, stream["name"], layout)
        days = stream["days"]
        by_day = evidently_days(reference, frame, layout, stream["fromMs"], days)
        evidently["dataset"][stream["name"]] = [day["dataset"] for day in by_day]
        evidently["column"][stream["name"]] = [day["columns"] for day in by_day]
        nannyml["column"][stream["name"]] = nannyml_days(calculator, frame, layout, stream["fromMs"], days)
        print(f"  {stream['name']}: {days} days", file=sys.stderr, flush=True)
    print(json.dumps({"evidently": evidently, "nannyml": nannyml}))


def read_stream(folder, name, layout):
    """A data frame with a column for each feature and attribute, and the time."""
    features, attributes = layout["features"], layout["attributes"]
    values = np.fromfile(folder / f"{name}.features", "<f4").reshape(-1, len(features))
    codes = np.fromfile(folder / f"{name}.attributes", "u1").reshape(-1, len(attributes))
    frame = pd.DataFrame(values, columns=features)
    for column, attribute in enumerate(attributes):
        frame[attribute] = codes[:, column].astype(str)
    frame["time"] = pd.to_datetime(np.fromfile(folder / f"{name}.times", "<f8"), unit="ms")
    return frame


def evidently_days(reference, frame, layout, from_ms, days):
    """Evidently's data drift preset on each day: is the data set drifted, and which columns are."""
    from evidently.legacy.metric_preset import DataDriftPreset
    from evidently.legacy.pipeline.column_mapping import ColumnMapping
    from evidently.legacy.report import Report

    mapping = ColumnMapping(numerical_features=layout["features"], categorical_features=layout["attributes"])
    columns = layout["features"] + layout["attributes"]
    sample = reference[columns]
    results = []
    for current in days_of(frame, from_ms, days):
        report = Report(metrics=[DataDriftPreset()])
        report.run(reference_data=sample, current_data=current[columns], column_mapping=mapping)
        dataset, table = (metric["result"] for metric in report.as_dict()["metrics"])
        by_column = table["drift_by_columns"]
        drifted = [name for name in columns if by_column[name]["drift_detected"]]
        drifted.sort(key=lambda name: -by_column[name]["drift_score"])
        results.append({"dataset": bool(dataset["dataset_drift"]), "columns": drifted})
    return results


def fit_nannyml(reference, layout):
    """Univariate drift with NannyML's default methods and thresholds, by day."""
    from nannyml import UnivariateDriftCalculator

    calculator = UnivariateDriftCalculator(
        column_names=layout["features"] + layout["attributes"],
        treat_as_categorical=layout["attributes"],
        timestamp_column_name="time",
        chunk_period="D",
    )
    return calculator.fit(reference)


def nannyml_days(calculator, frame, layout, from_ms, days):
    """For each day the columns that alert."""
    inside = frame[frame["time"] < pd.to_datetime(from_ms + days * DAY_MS, unit="ms")]
    result = calculator.calculate(inside).filter(period="analysis").to_df()
    columns = layout["features"] + layout["attributes"]
    alerts = {name: result[name].xs("alert", axis=1, level=-1).any(axis=1).tolist() for name in columns}
    return [[name for name in columns if alerts[name][day]] for day in range(len(result))]


def days_of(frame, from_ms, days):
    times = frame["time"].astype("int64").to_numpy() // 1_000_000
    if frame["time"].dtype == "datetime64[ms]":
        times = frame["time"].astype("int64").to_numpy()
    for day in range(days):
        start = from_ms + day * DAY_MS
        yield frame[(times >= start) & (times < start + DAY_MS)]


main(Path(sys.argv[1]))
