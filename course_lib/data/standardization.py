"""Standardization: every feature gets mean 0 and standard deviation 1.

Mean and standard deviation are measured on the training set alone, and used for all
data: a test set that is standardized by its own statistics is another test set, and
some of it has leaked into training.

    >>> x_train, x_test = np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[4.0, 6.0]])
    >>> standardization = Standardization.fit(x_train)
    >>> standardization.transform(x_test)
    array([[2., 1.]])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array


@dataclass(frozen=True, eq=False)
class Standardization:
    """z = (x − mean)/std, and back; make one with `fit`.

    Correlations between features stay what they are: `whitening` removes them.

    Attributes:
        mean, std: of each feature, of the shape of a sample; or of each channel, of
            shape (C, 1, …). A feature that never varied has std 1.
    """

    mean: Array
    std: Array

    @classmethod
    def fit(cls, x: ArrayLike, *, per_channel: bool = False) -> Standardization:
        """Measure mean and standard deviation (1/N, not 1/(N − 1)) of a training set.

        Args:
            x: training samples along the first axis; (N, C, …) where `per_channel`.
            per_channel: one mean and one std for all positions of a channel, as usual
                for images; else one for each entry of a sample.

        Raises:
            ValueError: there is no sample, or no feature or channel axis.
        """
        x = _as_floats(x)
        if x.ndim < 2 or x.size == 0:
            raise ValueError(
                f"Standardization.fit: x has shape {x.shape}, expected (N, …) with "
                "samples and features. Is the batch axis missing?"
            )
        axes = (0, *range(2, x.ndim)) if per_channel else (0,)
        lowest = x.min(axis=axes, keepdims=True)[0]
        constant = lowest == x.max(axis=axes, keepdims=True)[0]
        # Rounding would give a constant a mean slightly off, and a std that is not 0.
        mean = np.where(constant, lowest, x.mean(axis=axes, keepdims=True)[0])
        std = np.where(constant, 1, x.std(axis=axes, keepdims=True)[0])
        return cls(mean, std)

    def transform(self, x: ArrayLike) -> Array:
        """(x − mean)/std, for samples along the first axis.

        Raises:
            ValueError: the samples are not of the shape of those it was fitted to.
        """
        x = self._checked("transform", x)
        return (x - self.mean) / self.std

    def inverse(self, z: ArrayLike) -> Array:
        """z·std + mean: back to the original units.

        Raises:
            ValueError: the samples are not of the shape of those it was fitted to.
        """
        z = self._checked("inverse", z)
        return z * self.std + self.mean

    def _checked(self, method: str, x: ArrayLike) -> Array:
        x = _as_floats(x)
        features, *space = self.mean.shape
        fits = x.ndim == self.mean.ndim + 1 and x.shape[1] == features
        if not fits or any(
            m not in (1, n) for m, n in zip(space, x.shape[2:], strict=True)
        ):
            raise ValueError(
                f"Standardization.{method}: x has shape {x.shape}, the mean that was "
                f"fitted has {self.mean.shape}; expected (N, {features}, …) with as "
                "many axes. Is the batch axis missing?"
            )
        return x


def _as_floats(x: ArrayLike) -> Array:
    """An array of its own type where that is floating-point, else of float64."""
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)
