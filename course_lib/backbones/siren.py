"""SIREN: an image as a function of its coordinates, made of sines.

Sitzmann, Martel, Bergman, Lindell and Wetzstein (2020), "Implicit neural
representations with periodic activation functions". A derivative of a SIREN is again
made of sines, so it has slopes and curvatures everywhere, as the image behind it does.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib import initializers
from course_lib.graph import Node, Parameter
from course_lib.layers import Dense, Layer, Sine


class SineLayer(Layer):
    """y = sin(ω(x wᵀ + b)).

    Args:
        in_features, out_features: sizes of the input and the output.
        frequency: ω.
        initializer: draws the weight. The bias, a phase, is drawn from U(−a, a) with
            a = 1/√in_features, torch's default, which the authors keep. All zero it
            would make an odd function of the whole network: f(−x) = −f(x).
        rng: generator for the initial weights.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        frequency: float,
        initializer: initializers.Initializer,
        rng: np.random.Generator,
    ) -> None:
        self.linear = phased(in_features, out_features, initializer, rng=rng)
        self.sine = Sine(frequency)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Outputs of shape (N, out_features) for inputs of shape (N, in_features)."""
        return self.sine(self.linear(x))


class Siren(Layer):
    """Sine layers, and a linear one: f(x, y) is the color of an image there.

    Args:
        in_features: coordinates, from −1 to 1: 2 for an image, 3 with time.
        out_features: values at a point: 1 for gray, 3 for a color.
        width: units in each sine layer.
        depth: sine layers after the first: the hidden ones, as the authors count.
        frequency: ω, of all sines.
        rng: generator for the initial weights: see `initializers.siren`.
    """

    def __init__(
        self,
        *,
        in_features: int = 2,
        out_features: int = 1,
        width: int = 256,
        depth: int = 3,
        frequency: float = 30.0,
        rng: np.random.Generator,
    ) -> None:
        further = partial(initializers.siren, frequency=frequency)
        self.sines = []
        features = in_features
        for initializer in [initializers.siren_first, *[further] * depth]:
            settings: dict[str, Any] = {"initializer": initializer, "rng": rng}
            self.sines.append(
                SineLayer(features, width, frequency=frequency, **settings)
            )
            features = width
        self.linear = phased(features, out_features, further, rng=rng)

    def __call__(self, x: Node | ArrayLike) -> Node:
        """Values of shape (N, out_features), at coordinates (N, in_features)."""
        for layer in self.sines:
            x = layer(x)
        return self.linear(x)


def phased(
    in_features: int,
    out_features: int,
    initializer: initializers.Initializer,
    *,
    rng: np.random.Generator,
) -> Dense:
    """A dense layer whose bias is drawn too: see `SineLayer`."""
    layer = Dense(in_features, out_features, initializer=initializer, rng=rng)
    limit = 1 / np.sqrt(in_features)
    layer.bias = Parameter(rng.uniform(-limit, limit, out_features), "bias")
    return layer


def siren(**settings: Any) -> Siren:
    """The network of the paper's image experiments, 198,401 parameters; settings as for
    `Siren`."""
    return Siren(**settings)
