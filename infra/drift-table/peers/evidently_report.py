"""Evidently's data drift preset on the bench's rows: processor seconds and added memory, one JSON line.

    python evidently_report.py VECTORS FEATURES

VECTORS holds little-endian float32, row by row; the first half of the rows is the reference.
"""

import json
import os
import resource
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
# It reports its use to its makers unless it is told not to.
os.environ["DO_NOT_TRACK"] = "1"


def main(path, features):
    from evidently.legacy.metric_preset import DataDriftPreset
    from evidently.legacy.report import Report

    frame = pd.DataFrame(np.fromfile(path, "<f4").reshape(-1, features))
    frame.columns = [f"feature_{column}" for column in range(features)]
    reference = frame.iloc[: len(frame) // 2]
    before = peak_megabytes()
    began = time.process_time()
    report = Report(metrics=[DataDriftPreset()])
    report.run(reference_data=reference, current_data=frame)
    report.as_dict()
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes() - before}))


def peak_megabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


main(sys.argv[1], int(sys.argv[2]))
