"""What the command that starts the trainer asks for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .directions import Directions
from .evaluation.cost import Costs
from .evaluation.window import Budgets


@dataclass(frozen=True)
class Job:
    """Read from a JSON file; paths are as the caller wrote them."""

    task: str
    """`train` for the engagement's rows, else the name of a data set with a published protocol."""
    rows_path: Path
    """Parquet file of training rows."""
    output_folder: Path
    """Gets evaluation.json, report.md, figures and, of `train`, model.onnx and trained.json."""
    features: tuple[str, ...]
    """Columns in the order of the model's input."""
    seed: int
    budgets: Budgets
    published_features: int
    """Of `handbook`: how many of the features, from the first, are the published ones."""
    champion: "Champion | None"
    search_seconds: float = 0
    """Of `train`: how long to look for better parameters."""
    tracking: "Tracking | None" = None
    fairness: "Fairness | None" = None
    directions: Directions = Directions()
    """Of the policy; `handbook`, whose features are others, has none."""
    prequential: bool = False
    """Of `train`: also judge week after week."""
    sequences: "Sequences | None" = None
    """Of `train`: the network that reads them is the main model then, and the trees stand beside it."""


@dataclass(frozen=True)
class Champion:
    """The model that serves now, to be judged on the same rows."""

    reference: str
    path: Path
    features: tuple[str, ...]
    reads_sequence: bool = False
    """Behind its features; it stands beside only where the job has sequences."""


@dataclass(frozen=True)
class Fairness:
    """Of the policy: which segments must not be stopped too unequally."""

    segments: tuple[str, ...]
    ratio_min: float


@dataclass(frozen=True)
class Sequences:
    """What lies behind the features in the network's input."""

    path: Path
    """float32, for each row its entity's recent transactions, the oldest first."""
    name: str
    slots: int
    channels: tuple[str, ...]

    @property
    def width(self) -> int:
        return self.slots * len(self.channels)


@dataclass(frozen=True)
class Tracking:
    """Where the run is noted, and what it was made from."""

    uri: str
    """Of MLflow's store: `sqlite:///FILE`, or a server's URL."""
    experiment: str
    artifacts: str | None
    """Where figures and models are kept; none for the server's own place."""
    tags: dict[str, str]


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
            **_review_threshold(policy.get("reviewThreshold", {})),
        ),
        published_features=int(fields.get("publishedFeatures", 0)),
        champion=_champion(fields.get("champion")),
        search_seconds=float(fields.get("searchSeconds", 0)),
        tracking=_tracking(fields.get("tracking")),
        fairness=_fairness(policy.get("fairness")),
        directions=_directions(policy.get("directions")),
        prequential=bool(fields.get("prequential", False)),
        sequences=_sequences(fields.get("sequences")),
    )


def _review_threshold(fields: dict[str, Any]) -> dict[str, Any]:
    """What the policy leaves out stays as the budgets have it."""
    named: dict[str, Any] = {}
    if "by" in fields:
        named["review_by"] = str(fields["by"])
    if "falsePositiveRateMax" in fields:
        named["false_positive_rate_max"] = float(fields["falsePositiveRateMax"])
    return named


def _fairness(fields: dict[str, Any] | None) -> Fairness | None:
    if fields is None:
        return None
    return Fairness(tuple(fields["segments"]), float(fields["falsePositiveRateRatioMin"]))


def _directions(fields: dict[str, Any] | None) -> Directions:
    if fields is None:
        return Directions()
    return Directions(tuple(fields["neverSafer"]), tuple(fields["neverRiskier"]))


def _sequences(fields: dict[str, Any] | None) -> Sequences | None:
    if fields is None:
        return None
    channels = tuple(str(name) for name in fields["channels"])
    return Sequences(Path(fields["path"]), str(fields["name"]), int(fields["slots"]), channels)


def _tracking(fields: dict[str, Any] | None) -> Tracking | None:
    if fields is None:
        return None
    return Tracking(fields["uri"], fields["experiment"], fields.get("artifacts"), dict(fields["tags"]))


def _champion(fields: dict[str, Any] | None) -> Champion | None:
    if fields is None:
        return None
    reads_sequence = bool(fields.get("readsSequence", False))
    return Champion(fields["reference"], Path(fields["path"]), tuple(fields["features"]), reads_sequence)
