"""Template matching: where in an image is something that looks like this?"""

import numpy as np

from course_lib.filtering.correlation import correlate
from course_lib.types import Array


def match_template(image: Array, template: Array, *, flat: float = 1e-10) -> Array:
    """score = Σ(P − P̄)(T − T̄) / √(Σ(P − P̄)²·Σ(T − T̄)²) for each part P of the image:
    the correlation coefficient of its pixels with the template's.

    It is 1 for a part a·T + b with a > 0, −1 with a < 0: neither brightness nor
    contrast counts, only the pattern. The plain correlation ΣPT is largest where the
    image is bright.

    Args:
        image: array of shape (H, W).
        template: array of shape (h, w), smaller than the image, with some contrast.
        flat: parts whose standard deviation is at most this share of the image's
            largest value have no pattern; rounding errors would decide. They score 0.

    Returns:
        Scores from −1 to 1, float64 of shape (H − h + 1, W − w + 1): entry [r, c] is
        that of the part whose upper left pixel is [r, c].

    Raises:
        ValueError: the arrays are no images, the template is the larger one, or it has
            no contrast.

    Source: Lewis (1995), Fast normalized cross-correlation, equation 2.
    """
    if image.ndim != 2 or template.ndim != 2:
        raise ValueError(
            f"match_template: image has shape {image.shape}, template "
            f"{template.shape}; expected (H, W) and (h, w). Are they in color?"
        )
    image, template = image.astype(np.float64), template.astype(np.float64)
    pattern = template - template.mean()
    contrast = np.sqrt((pattern**2).sum())
    if contrast <= flat * np.abs(template).max() * np.sqrt(template.size):
        raise ValueError(
            "match_template: the template has no contrast, expected a pattern: all its "
            f"entries are close to {template.mean():.6g}"
        )
    mean = correlate(image, np.full(template.shape, 1 / template.size), mode="valid")
    products, squares = np.zeros_like(mean), np.zeros_like(mean)
    rows, columns = mean.shape
    for i, j in np.ndindex(template.shape):
        deviation = image[i : i + rows, j : j + columns] - mean
        products += pattern[i, j] * deviation
        squares += deviation**2
    deviations = np.sqrt(squares)
    has_pattern = deviations > flat * np.abs(image).max() * np.sqrt(template.size)
    scores = np.zeros_like(mean)
    np.divide(products, deviations * contrast, out=scores, where=has_pattern)
    return np.clip(scores, -1, 1)  # which rounding may have overstepped


def find_maxima(
    scores: Array, *, threshold: float, distance: int
) -> list[tuple[int, int]]:
    """The largest score, the largest that is not close to it, and so on: non-maximum
    suppression, which keeps one of the many good positions around each match.

    Args:
        scores: array of shape (H, W).
        threshold: scores must be above it.
        distance: a maximum silences those up to so many rows and columns away.

    Returns:
        Pairs (row, column), best first; of equal scores, the first row by row.

    Raises:
        ValueError: the scores are no matrix, or the distance is negative.
    """
    if scores.ndim != 2 or distance < 0:
        raise ValueError(
            f"find_maxima: scores have shape {scores.shape}, distance is {distance}; "
            "expected (H, W), and at least 0"
        )
    left = scores.astype(np.float64)
    found = []
    while left.max(initial=-np.inf) > threshold:
        row, column = divmod(int(left.argmax()), scores.shape[1])
        found.append((row, column))
        rows = slice(max(row - distance, 0), row + distance + 1)
        columns = slice(max(column - distance, 0), column + distance + 1)
        left[rows, columns] = -np.inf
    return found
