"""Random inputs, of the type that is measured."""

import numpy as np


def draw(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Normal numbers, float32."""
    return rng.normal(size=shape).astype(np.float32)
