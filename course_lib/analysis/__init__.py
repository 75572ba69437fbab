"""What a network looks like from outside: its size, its sight, its errors."""

from course_lib.analysis.activation_maximization import Maximized, maximize_activation
from course_lib.analysis.calibration import Calibration, calibration
from course_lib.analysis.confusion import ClassScores, class_scores, confusion_matrix
from course_lib.analysis.landscape import (
    direction_to,
    filter_normalized_direction,
    loss_slice,
)
from course_lib.analysis.occlusion import occlusion_map
from course_lib.analysis.receptive_field import (
    MeasuredField,
    ReceptiveField,
    measure_receptive_field,
    receptive_fields,
)
from course_lib.analysis.saliency import input_gradient, saliency_map, smooth_gradient
from course_lib.analysis.statistics import (
    Distribution,
    LayerStatistics,
    distribution,
    layer_statistics,
)
from course_lib.analysis.summary import Summary, SummaryRow, summary

__all__ = [
    "Calibration",
    "ClassScores",
    "Distribution",
    "LayerStatistics",
    "Maximized",
    "MeasuredField",
    "ReceptiveField",
    "Summary",
    "SummaryRow",
    "calibration",
    "class_scores",
    "confusion_matrix",
    "direction_to",
    "distribution",
    "filter_normalized_direction",
    "input_gradient",
    "layer_statistics",
    "loss_slice",
    "maximize_activation",
    "measure_receptive_field",
    "occlusion_map",
    "receptive_fields",
    "saliency_map",
    "smooth_gradient",
    "summary",
]
