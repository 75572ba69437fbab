"""What an event camera reports: not brightness, but its changes.

Each pixel of such a camera waits until the logarithm of its brightness has changed by a
threshold, reports that it rose or fell, and waits anew from there (Lichtsteiner, Posch
and Delbruck, 2008). Events of a short time, counted in each pixel, make a picture for a
network (Maqueda et al., "Event-based vision meets deep learning on steering
prediction for self-driving cars", 2018).
"""

import numpy as np

from course_lib.types import Array


def events(frames: Array, *, threshold: float = 0.15, dark: float = 0.05) -> Array:
    """How often each pixel reports a rise, and how often a fall, from frame to frame.

    Args:
        frames: of shape (N, C, T, H, W) with T at least 2, from 0 to 1; channels are
            averaged.
        threshold: the change of ln(brightness + dark) that is reported: 0.15 is 16 %.
        dark: what a pixel sees in the dark, which keeps the logarithm finite.

    Returns:
        Counts, float32 of shape (N, 2, T − 1, H, W): rises, falls. Times the threshold
        they add up to the change since the first frame, up to less than a threshold.

    Raises:
        ValueError: frames are not of such a shape, or the threshold is not positive.
    """
    if frames.ndim != 5 or frames.shape[2] < 2:
        raise ValueError(
            f"events: frames have shape {frames.shape}, expected (N, C, T, H, W) with "
            "T at least 2. Is the channel axis missing?"
        )
    if threshold <= 0:
        raise ValueError(f"events: threshold is {threshold}, expected more than 0.")
    seen = np.log(frames.mean(axis=1, dtype=np.float64) + dark)
    # Counted in thresholds since the first frame: whole ones have been reported.
    change = (seen - seen[:, :1]) / threshold
    reported = np.zeros_like(change[:, 0])
    counts = np.empty((len(frames), 2, *change[:, 1:].shape[1:]), dtype=np.float32)
    for t in range(1, frames.shape[2]):
        new = np.trunc(change[:, t] - reported)
        counts[:, 0, t - 1] = np.maximum(new, 0)
        counts[:, 1, t - 1] = np.maximum(-new, 0)
        reported += new
    return counts
