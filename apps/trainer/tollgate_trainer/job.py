"""What the command that starts the trainer asks for."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """Read from a JSON file; paths are as the caller wrote them."""

    rows_path: Path
    """Parquet file of training rows."""
    output_folder: Path
    """Gets model.onnx and trained.json."""
    features: tuple[str, ...]
    """Columns in the order of the model's input."""
    seed: int
    alert_budget_share: float
    """Share of transactions that may be alerts, review and decline together."""
    decline_budget_share: float


def read_job(path: Path) -> Job:
    fields = json.loads(path.read_text(encoding="utf-8"))
    return Job(
        rows_path=Path(fields["rowsPath"]),
        output_folder=Path(fields["outputFolder"]),
        features=tuple(fields["features"]),
        seed=int(fields["seed"]),
        alert_budget_share=float(fields["alertBudgetShare"]),
        decline_budget_share=float(fields["declineBudgetShare"]),
    )
