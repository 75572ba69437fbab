"""Loss and accuracy of trainings, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from course_lib.figures.colors import COLORS
from course_lib.figures.curves import plot_run, positions, runs_of, summarize
from course_lib.figures.direct_labels import End, label_ends
from course_lib.figures.graph_pen import TEXT_SIZE
from course_lib.figures.log_axes import make_logarithmic
from course_lib.figures.palettes import color_of
from course_lib.figures.style import Picture, show, subplots
from course_lib.training.history import History

CALLER = "draw_training"
# What History measures at each step; the rest is measured once an epoch.
BY_STEP = ("step_loss", "learning_rate", "gradient_norm")

# One training, or the same from several seeds.
Runs = History | Sequence[History]


def draw_training(
    histories: Runs | Mapping[str, Runs],
    alt: str,
    *,
    measures: Sequence[str] = ("loss", "accuracy"),
    log: Sequence[str] = (),
    spread: str = "std",
    title: str = "",
) -> Picture:
    """Draw what trainings measured, one panel below the other for each measure.

    Lines are of the training samples, dashed lines of the validation samples. Several
    seeds are one line, their mean, within a band; it ends with the shortest run. A ring
    marks the epoch whose weights a single run kept.

    Args:
        histories: a History; several, of the same training from several seeds; or names
            and either of these.
        alt: what is found, in words.
        measures: attributes of History: "loss" and "accuracy" bring their validation
            along, where there is one.
        log: those of the measures whose axis is logarithmic.
        spread: the band of several seeds: "std", "range" or "none".
        title: stands above.

    Raises:
        ValueError: a measure is unknown, or was not made.
    """
    known = {name for name, value in vars(History()).items() if value == []}
    if not measures or not set(measures) <= known:
        raise ValueError(
            f"{CALLER}: measures are {tuple(measures)}, expected lists of "
            "History, such as 'loss'"
        )
    named = histories if isinstance(histories, Mapping) else {"": histories}
    trainings = {
        name: [runs] if isinstance(runs, History) else list(runs)
        for name, runs in named.items()
    }
    together = len({measure in BY_STEP for measure in measures}) == 1
    figure, grid = subplots(
        len(measures),
        size=(5.6, 0.5 + 1.9 * len(measures)),
        sharex=together,
        squeeze=False,
    )
    labels = []
    for i, (axes, measure) in enumerate(zip(grid[:, 0], measures, strict=True)):
        ends = _plot_measure(axes, trainings, measure, measure in log, spread)
        labels.append((axes, ends))
        axes.set_ylabel(measure.replace("_", " "))
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        if not together or i == len(measures) - 1:
            axes.set_xlabel("step" if measure in BY_STEP else "epoch")
    if title:
        figure.suptitle(title, fontsize=TEXT_SIZE)
    label_ends(figure, labels)
    return show(figure, alt)


def _plot_measure(
    axes: Axes,
    trainings: Mapping[str, Sequence[History]],
    measure: str,
    log: bool,
    spread: str,
) -> list[End]:
    ends = []
    for i, (name, runs) in enumerate(trainings.items()):
        color = color_of(i, caller=CALLER, kinds=list(trainings))
        parts = [(measure, "training", "-")]
        if all(getattr(run, f"validation_{measure}", []) for run in runs):
            parts.append((f"validation_{measure}", "validation", "--"))
        for part, role, style in parts:
            if len(trainings) == 1 and role == "validation":
                color = COLORS["orange"]
            values = runs_of([getattr(run, part) for run in runs])
            known = summarize(values, name=part, log=log, spread=spread, caller=CALLER)
            x = positions(known.middle, None, name=part, caller=CALLER)
            end = plot_run(axes, x, known, color=color, linestyle=style)
            text = f"{name} {role}".strip() if len(parts) > 1 else name
            ends.append(end._replace(name=text))
        best = runs[0].best_epoch
        if len(runs) == 1 and best and measure not in BY_STEP:
            height = known.middle[best - 1]
            axes.plot(best, height, "o", color=color, markersize=7, fillstyle="none")
    axes.margins(x=0.0)
    make_logarithmic(axes, "y" if log else "")
    return [end for end in ends if end.name]
