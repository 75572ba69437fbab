"""How activations and gradients change from layer to layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from matplotlib.ticker import MaxNLocator

from course_lib.analysis.statistics import LayerStatistics
from course_lib.figures.curves import SIZE, plot_curves
from course_lib.figures.direct_labels import label_ends
from course_lib.figures.style import Picture, show, subplots

Statistics = Sequence[LayerStatistics]


def draw_layer_curves(
    networks: Statistics | Mapping[str, Statistics],
    alt: str,
    *,
    measure: str = "activation.std",
    log: bool = True,
    title: str = "",
) -> Picture:
    """Draw one number of each layer, from the first layer to the last.

    Args:
        networks: what `layer_statistics` returned; or names and such lists.
        alt: what is found, in words.
        measure: an attribute of LayerStatistics: "activation.std", "activation.mean",
            "activation.zeros", "gradient.norm", "gradient.std", "saturated" or "dead".
        log: whether the axis of the numbers is logarithmic.
        title: stands above.

    Raises:
        ValueError: a layer has no such number, or one that a logarithmic axis has no
            place for.
    """
    named = networks if isinstance(networks, Mapping) else {"": networks}
    curves = {name: layer_numbers(layers, measure) for name, layers in named.items()}
    figure, axes = subplots(size=SIZE)
    ends = plot_curves(
        axes,
        curves,
        x=None,
        log="y" if log else "",
        spread="none",
        caller="draw_layer_curves",
        marker="o",
    )
    axes.set(xlabel="layer", ylabel=measure.replace(".", " "), title=title)
    axes.margins(x=0.02)
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    label_ends(figure, [(axes, ends)])
    return show(figure, alt)


def layer_numbers(layers: Statistics, measure: str) -> list[float]:
    """A measure of each layer, such as its activation's standard deviation."""
    try:
        numbers = [attrgetter(measure)(layer) for layer in layers]
    except AttributeError:
        numbers = [None]
    if None in numbers:
        raise ValueError(
            f"draw_layer_curves: not every layer has {measure!r}. Is it a name such as "
            "'activation.std'; was layer_statistics called with a loss, for gradients?"
        )
    return numbers
