"""The models of one training run: the trees or the network, and the simple model to fall back to."""

from dataclasses import dataclass

from .calibrate import Calibration
from .candidate import Candidate, candidate
from .export_onnx import export_onnx
from .export_simple_model import export_simple_model
from .fit_model import FittedModel, fit_model
from .job import Job
from .run_onnx import run_onnx
from .simple_model import fit_simple_model
from .threshold_options import UnseenScores, choose_thresholds
from .training_rows import Split, TrainingRows


@dataclass(frozen=True)
class CandidateModels:
    fitted: FittedModel
    main: Candidate
    """The network where sequences are given, else the trees."""
    fallback: Candidate
    trees: Candidate
    calibration: Calibration
    """Of the main one."""
    network_curve: list[float] | None = None
    """Of the network: average precision on the validation window after each epoch."""

    @property
    def both(self) -> tuple[Candidate, Candidate]:
        """Those that may be registered."""
        return self.main, self.fallback

    @property
    def all(self) -> tuple[Candidate, ...]:
        """The trees stand beside the network."""
        beside = () if self.main is self.trees else (self.trees,)
        return self.main, *beside, self.fallback


def fit_candidates(rows: TrainingRows, split: Split, job: Job) -> CandidateModels:
    """Raises ValueError where there is nothing to learn from."""
    signs = job.directions.signs(job.features)
    known = rows.known_fraud(split.cutoff_ms)
    labelled = slice(0, split.validation.stop)
    fitted = fit_model(rows, split, signs, job.seed, job.search_seconds)
    simple = fit_simple_model(rows.features[labelled], known[labelled], signs=signs)
    earlier = fit_simple_model(rows.features[split.training], known[split.training], signs=signs)
    candidates = []
    for name, model, predict, of_validation in (
        ("trees", export_onnx(fitted.trees), fitted.trees.predict, fitted.validation_scores),
        (
            "simple model",
            export_simple_model(simple),
            simple.predict,
            earlier.predict(rows.features[split.validation]),
        ),
    ):
        unseen = UnseenScores(
            recent=run_onnx(model, rows.features[split.unlabelled]),
            labelled=of_validation,
            label=known[split.validation],
            amount=None if rows.amount is None else rows.amount[split.validation],
        )
        thresholds = choose_thresholds(unseen, job.budgets)
        candidates.append(candidate(name, model, predict, rows.features[split.test], thresholds))
    trees, fallback = candidates
    if job.sequences is None:
        return CandidateModels(fitted, trees, fallback, trees, fitted.trees.calibration)
    # Its packages are in an environment of their own.
    from .neural.network_candidate import network_candidate

    network = network_candidate(rows, split, job, job.sequences)
    curve = network.learning_curve
    return CandidateModels(fitted, network.candidate, fallback, trees, network.calibration, curve)
