"""Figures for the book and the assignments: the only package that imports matplotlib.

A chapter's setup: `from course_lib.figures import COLORS, draw_graph, show, subplots`.
Each `draw_…` takes arrays or what the library measured, and in `alt` what is seen; it
returns the Picture that ends a cell. What has no such function is drawn with
matplotlib on `subplots` and finished by `show`.
"""

from course_lib.figures.boxes import draw_boxes
from course_lib.figures.colors import COLORS
from course_lib.figures.contours import log_levels
from course_lib.figures.curves import draw_curves
from course_lib.figures.feature_maps import draw_feature_maps
from course_lib.figures.graph_drawing import draw_graph
from course_lib.figures.images import draw_images
from course_lib.figures.kernels import draw_kernels
from course_lib.figures.landscapes import draw_loss_slices
from course_lib.figures.layer_curves import draw_layer_curves
from course_lib.figures.layer_histograms import draw_layer_histograms
from course_lib.figures.matrices import draw_confusion, draw_matrices
from course_lib.figures.overlays import draw_overlays
from course_lib.figures.paths import draw_paths
from course_lib.figures.style import Picture, show, subplots, use_style
from course_lib.figures.training_curves import draw_training

__all__ = [
    "COLORS",
    "Picture",
    "draw_boxes",
    "draw_confusion",
    "draw_curves",
    "draw_feature_maps",
    "draw_graph",
    "draw_images",
    "draw_kernels",
    "draw_layer_curves",
    "draw_layer_histograms",
    "draw_loss_slices",
    "draw_matrices",
    "draw_overlays",
    "draw_paths",
    "draw_training",
    "log_levels",
    "show",
    "subplots",
    "use_style",
]
