"""`python -m tollgate_trainer JOB.json`: rows in, a report and, of `train`, a model out."""

import sys
from pathlib import Path

from .job import read_job
from .tasks.blend import train_blend
from .tasks.blend_shares import choose_shares
from .tasks.handbook import evaluate_handbook
from .tasks.train import train

TASKS = {
    "train": train,
    "handbook": evaluate_handbook,
    "blend": train_blend,
    "blend-shares": choose_shares,
}


def main() -> int:
    try:
        job = read_job(Path(sys.argv[1]))
        TASKS[job.task](job)
    except ValueError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
