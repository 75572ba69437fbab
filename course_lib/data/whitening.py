"""Whitening: features become uncorrelated, each of variance 1.

Standardization gives each feature variance 1 and leaves the correlations. Whitening
turns the data's ellipse into a circle: with the covariance S = UΛUᵀ,

    PCA whitening   W = Λ^(−1/2) Uᵀ      along the principal axes, largest first
    ZCA whitening   W = U Λ^(−1/2) Uᵀ    turned back, so that images look like images

Of all W with WSWᵀ = I, that of ZCA changes the data least, in mean square.

Source: Bell and Sejnowski (1997), The "independent components" of natural scenes are
edge filters; Kessy, Lewin and Strimmer (2018), Optimal whitening and decorrelation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from course_lib.types import Array


@dataclass(frozen=True, eq=False)
class Whitening:
    """z = W(x − mean), and back; make one with `fit_pca` or `fit_zca`.

    Attributes:
        mean: of the training set, of shape (D,).
        matrix: W, of shape (K, D) for PCA, (D, D) for ZCA.
        inverse_matrix: of shape (D, K) or (D, D). Where components were left out, what
            lay along them is lost.
        variances: of the training set along its K principal axes, largest first.
    """

    mean: Array
    matrix: Array
    inverse_matrix: Array
    variances: Array

    @classmethod
    def fit_pca(
        cls, x: ArrayLike, *, components: int | None = None, eps: float = 0.0
    ) -> Whitening:
        """PCA whitening, measured on a training set.

        Args:
            x: training samples of shape (N, D). The covariance is their own, with 1/N.
            components: K, how many principal axes are kept; by default all D.
            eps: added to the variances. It keeps directions that hardly vary, which are
                mostly noise, from being blown up.

        Returns:
            A whitening to K uncorrelated features, of variance λ/(λ + eps).

        Raises:
            ValueError: x is not (N, D), `components` is out of range, or a direction
                without variance would be divided by 0.
        """
        mean, axes, variances = _principal_axes("fit_pca", x, components, eps)
        std = np.sqrt(variances + eps)
        return cls(mean, axes.T / std[:, None], axes * std, variances)

    @classmethod
    def fit_zca(
        cls, x: ArrayLike, *, components: int | None = None, eps: float = 0.0
    ) -> Whitening:
        """ZCA whitening, measured on a training set: PCA whitening, turned back into
        the original axes.

        Args:
            x, components, eps: as for `fit_pca`.

        Returns:
            A whitening to D features.

        Raises:
            ValueError: as for `fit_pca`.
        """
        mean, axes, variances = _principal_axes("fit_zca", x, components, eps)
        std = np.sqrt(variances + eps)
        return cls(mean, axes / std @ axes.T, axes * std @ axes.T, variances)

    def transform(self, x: ArrayLike) -> Array:
        """W(x − mean) for each sample: (N, D) becomes (N, K), or (N, D) for ZCA.

        Raises:
            ValueError: the samples have another number of features.
        """
        x = self._checked("transform", x, self.matrix.shape[1])
        return (x - self.mean) @ self.matrix.T

    def inverse(self, z: ArrayLike) -> Array:
        """Back to the original features: W⁻¹z + mean.

        Raises:
            ValueError: the samples have another number of features.
        """
        z = self._checked("inverse", z, self.matrix.shape[0])
        return z @ self.inverse_matrix.T + self.mean

    def _checked(self, method: str, x: ArrayLike, features: int) -> Array:
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] != features:
            raise ValueError(
                f"Whitening.{method}: x has shape {x.shape}, expected (N, {features}). "
                "Are images flattened?"
            )
        return x


def _principal_axes(
    method: str, x: ArrayLike, components: int | None, eps: float
) -> tuple[Array, Array, Array]:
    """The mean, the K principal axes as columns, and the variances along them."""
    x = np.asarray(x)
    x = x if x.dtype.kind == "f" else x.astype(np.float64)
    if x.ndim != 2 or x.size == 0:
        raise ValueError(
            f"Whitening.{method}: x has shape {x.shape}, expected (N, D), neither of "
            "them 0. Are images flattened?"
        )
    features = x.shape[1]
    kept = features if components is None else components
    if not 1 <= kept <= features:
        raise ValueError(
            f"Whitening.{method}: components is {components}, x has {features} "
            f"features; expected 1 to {features}."
        )
    mean = x.mean(axis=0)
    centred = x - mean
    variances, axes = np.linalg.eigh(centred.T @ centred / len(x))
    # Rounding makes of 0 a tiny number of either sign.
    smallest = variances[-1] * features * np.finfo(x.dtype).eps
    variances = np.where(variances > smallest, variances, 0)[::-1][:kept]
    axes = axes[:, ::-1][:, :kept]
    if eps == 0 and variances[-1] == 0:
        raise ValueError(
            f"Whitening.{method}: along {np.sum(variances == 0)} of {kept} principal "
            "axes the training set does not vary; expected some variance, or eps above "
            "0. Are some pixels constant, or samples fewer than features?"
        )
    # An axis may point either way: its largest entry is made positive.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=0)[None], axis=0)
    return mean, axes * np.sign(largest), variances
