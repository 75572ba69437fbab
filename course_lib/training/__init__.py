"""Training: epochs of mini-batches, with a record of how it went."""

from course_lib.training.evaluation import EVALUATION_BATCH, Loss, Scores, evaluate
from course_lib.training.fit import fit
from course_lib.training.history import History

__all__ = ["EVALUATION_BATCH", "History", "Loss", "Scores", "evaluate", "fit"]
