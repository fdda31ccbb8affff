import json
from pathlib import Path

import numpy as np

from tollgate_trainer.tasks import blend_shares
from tollgate_trainer.tasks.blend_shares import SplitLogits


def test_the_best_shares_come_first_and_each_part_alone_is_among_them(tmp_path: Path, monkeypatch) -> None:
    random = np.random.default_rng(3)
    truth = random.random(3000) < 0.1

    def seen_through(noise: float) -> np.ndarray:
        return truth + noise * random.normal(size=3000)

    split = SplitLogits(truth, seen_through(1.0), seen_through(1.0), seen_through(9.0))
    monkeypatch.setattr(blend_shares, "_split", lambda *_: split)
    rows = type("Rows", (), {"features": np.zeros((100, 1), np.float32), "fraud": np.zeros(100, np.bool_)})
    monkeypatch.setattr(blend_shares, "read_training_rows", lambda *_: rows)
    job = type("Job", (), {"rows_path": "rows", "features": ("a",), "output_folder": tmp_path})
    found = blend_shares.choose_shares(job)
    assert 0.3 <= found[0]["lineShare"] <= 0.7 and found[0]["curveShare"] <= 0.1
    assert [each["averagePrecision"] for each in found] == sorted(
        (each["averagePrecision"] for each in found), reverse=True
    )
    assert json.loads((tmp_path / "shares.json").read_text()) == found
    report = (tmp_path / "shares.md").read_text()
    assert "| trees alone | 0 | 0 |" in report and "| as the code has it | 0.15 | 0.35 |" in report


def test_the_rows_after_the_training_rows_are_not_looked_at() -> None:
    assert blend_shares.SPLITS[-1][1] == 1.0
    assert all(fitted < judged <= 1 for fitted, judged in blend_shares.SPLITS)
