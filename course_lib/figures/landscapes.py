"""The loss along one direction of the weights, or along two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from course_lib.figures.contours import draw_contours, log_levels, side_by_side
from course_lib.figures.curves import SIZE, plot_curves
from course_lib.figures.direct_labels import label_ends
from course_lib.figures.graph_pen import TEXT_SIZE
from course_lib.figures.style import Picture, show, subplots


def draw_loss_slices(
    losses: ArrayLike | Mapping[str, ArrayLike],
    steps: ArrayLike,
    alt: str,
    *,
    levels: Sequence[float] | None = None,
    log: bool = False,
    title: str = "",
) -> Picture:
    """Draw what `loss_slice` returned: curves of one direction, or contours of two.

    Args:
        losses: shape (n,) or (n, n), whose first index is that of α; or names and such
            arrays, which are drawn into one panel, or side by side on the same levels.
            Losses that are not finite are left out.
        steps: the n values of α, and of β.
        alt: what is found, in words.
        levels: of the contour lines; by default `log_levels` of all losses.
        log: whether the losses of one direction have a logarithmic axis.
        title: stands above.

    Raises:
        ValueError: shapes do not fit, or no loss is finite.
    """
    caller = "draw_loss_slices"
    named = losses if isinstance(losses, Mapping) else {"": losses}
    arrays = {
        name: np.asarray(values, dtype=np.float64) for name, values in named.items()
    }
    steps = np.asarray(steps, dtype=np.float64)
    shapes = {name: values.shape for name, values in arrays.items()}
    n = len(steps) if steps.ndim == 1 else 0
    if len(set(shapes.values())) != 1 or not {(n,), (n, n)} & set(shapes.values()):
        raise ValueError(
            f"{caller}: losses have shapes {shapes} and steps {steps.shape}, expected "
            "(n,) or (n, n), the same for all, with n steps"
        )
    if (n,) in shapes.values():
        figure, axes = subplots(size=SIZE)
        scale = "y" if log else ""
        ends = plot_curves(
            axes, arrays, x=steps, log=scale, spread="none", caller=caller
        )
        axes.set(xlabel="α", ylabel="loss", title=title)
        label_ends(figure, [(axes, ends)])
        return show(figure, alt)
    if levels is None:
        levels = log_levels(*arrays.values())
    figure, panels = side_by_side(list(arrays))
    for axes, values in zip(panels, arrays.values(), strict=True):
        draw_contours(axes, steps, steps, values.T, levels, labels=True)
        axes.set(xlabel="α", ylabel="β")
    if title:
        figure.suptitle(title, fontsize=TEXT_SIZE)
    return show(figure, alt)
