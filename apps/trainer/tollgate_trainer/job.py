"""What the command that starts the trainer asks for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .evaluation.cost import Costs
from .evaluation.window import Budgets


@dataclass(frozen=True)
class Job:
    """Read from a JSON file; paths are as the caller wrote them."""

    task: str
    """`train` for the engagement's rows, else the name of a data set with a published protocol."""
    rows_path: Path
    """Parquet file of training rows; of `ulb` the CSV file."""
    output_folder: Path
    """Gets evaluation.json, report.md, figures and, of `train`, model.onnx and trained.json."""
    features: tuple[str, ...]
    """Columns in the order of the model's input."""
    seed: int
    budgets: Budgets
    published_features: int
    """Of `handbook`: how many of the features, from the first, are the published ones."""
    champion: "Champion | None"


@dataclass(frozen=True)
class Champion:
    """The model that serves now, to be judged on the same rows."""

    reference: str
    path: Path
    features: tuple[str, ...]


def read_job(path: Path) -> Job:
    fields = json.loads(path.read_text(encoding="utf-8"))
    policy = fields["policy"]
    costs = policy["costs"]
    return Job(
        task=fields["task"],
        rows_path=Path(fields["rowsPath"]),
        output_folder=Path(fields["outputFolder"]),
        features=tuple(fields["features"]),
        seed=int(fields["seed"]),
        budgets=Budgets(
            alert=float(policy["alertBudgetShare"]),
            decline=float(policy["declineBudgetShare"]),
            costs=Costs(
                float(costs["reviewMinor"]),
                float(costs["blockedGoodMinor"]),
                float(costs["missedFraudShare"]),
            ),
        ),
        published_features=int(fields.get("publishedFeatures", 0)),
        champion=_champion(fields.get("champion")),
    )


def _champion(fields: dict[str, Any] | None) -> Champion | None:
    if fields is None:
        return None
    return Champion(fields["reference"], Path(fields["path"]), tuple(fields["features"]))
