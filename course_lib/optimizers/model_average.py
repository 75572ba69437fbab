"""An average of models, weighted by how well each has predicted so far."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from course_lib.optimizers.settings import check_fraction
from course_lib.types import Array


class ModelAverage:
    """p(y) = Σⱼ aⱼpⱼ(y), and after y has come, Bayes' rule: aⱼ ← aⱼpⱼ(y) / Σₖ aₖpₖ(y).

    With random learning rates, the output layer is there several times. Each copy has a
    rate of its own, such as one of `np.geomspace(lowest, highest, copies)`, and learns
    from its own loss; the layers below learn from the average's. For a batch:

    1. −log Σⱼ aⱼpⱼ(y), the average's loss, is backpropagated for the layers below;
    2. −log pⱼ(y), each copy's own, for the copy;
    3. after the step, `update` learns which copies did well.

    Args:
        models: how many there are, at least 1. They begin with equal weights.
        share: in [0, 1], how much of the weights is dealt out evenly again after each
            update, so that a model can come back that did badly at first.

    Source: Blier, Wolinski and Ollivier (2018). There the switch distribution of van
    Erven, Grünwald and de Rooij (2008) takes the place of Bayes' rule, with a share
    that falls as 1/t; here it is constant, the "fixed share" of Herbster and Warmuth
    (1998).
    """

    def __init__(self, models: int, *, share: float = 0.0) -> None:
        if models < 1:
            raise ValueError(
                f"ModelAverage: models is {models}, expected at least 1. "
                "Is it the list's length?"
            )
        check_fraction("ModelAverage", share=share)
        self.share = share
        self.weights: Array = np.full(models, 1 / models)

    def average(self, probabilities: ArrayLike) -> Array:
        """Σⱼ aⱼpⱼ: the average's prediction.

        Args:
            probabilities: each model's, of shape (models, …), such as (models, N, K).

        Returns:
            An array of shape (…).
        """
        p = np.asarray(probabilities)
        if p.shape[:1] != self.weights.shape:
            raise ValueError(
                f"ModelAverage.average: probabilities have shape {p.shape}, expected "
                f"({len(self.weights)}, …). Is the first axis that of the models?"
            )
        return np.tensordot(self.weights, p, axes=1)

    def update(self, log_likelihoods: ArrayLike) -> None:
        """Weigh the models by how well they predicted what then came.

        Args:
            log_likelihoods: log pⱼ(y) of what came, of shape (models,): of one sample,
                or summed over several. A mean over the batch, as in the authors' code,
                makes the weights move slowly.

        Raises:
            ValueError: the shape is another, or there is a NaN, or no model found
                possible what came.
        """
        log_p = np.asarray(log_likelihoods)
        if log_p.shape != self.weights.shape:
            raise ValueError(
                f"ModelAverage.update: log-likelihoods have shape {log_p.shape}, "
                f"expected {self.weights.shape}. Is a sum over the batch missing?"
            )
        with np.errstate(divide="ignore"):  # log 0 = −∞: a weight of 0 stays there
            log_a = np.log(self.weights) + log_p
        best = log_a.max()
        if not np.isfinite(best):
            raise ValueError(
                f"ModelAverage.update: log-likelihoods are {log_p}, with the weights "
                f"{self.weights}. Has a model diverged?"
            )
        a = np.exp(log_a - best)
        self.weights[...] = (1 - self.share) * a / a.sum() + self.share / len(a)

    def state_dict(self) -> dict[str, Array]:
        """A copy of the weights, by name."""
        return {"weights": self.weights.copy()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Take over the weights of another average.

        Raises:
            ValueError: it has another number of models.
        """
        weights = np.asarray(state["weights"])
        if weights.shape != self.weights.shape:
            raise ValueError(
                f"ModelAverage.load_state_dict: weights have shape {weights.shape}, "
                f"expected {self.weights.shape}. Are there as many models?"
            )
        self.weights[...] = weights
