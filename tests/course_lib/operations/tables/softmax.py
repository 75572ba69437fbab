import numpy as np
import torch

from course_lib.operations import softmax
from tests.course_lib.operations.row import Example, Refusal, Row

ROWS = [
    Row(
        operation,
        ((3, 4, 5),),
        lambda x, f=function, s=settings: f(x, dim=s.get("axis", -1)),
        settings,
    )
    for operation, function in [
        (softmax.softmax, torch.softmax),
        (softmax.log_softmax, torch.log_softmax),
    ]
    for settings in [{}, {"axis": -2}, {"axis": 0}, {"axis": 1}]
]

EXAMPLES = [
    Example(
        softmax.softmax,
        [np.log([[1, 2, 5]])],
        value=[[0.125, 0.25, 0.625]],
        dy=[[8, 0, 0]],
        dxs=[[[0.875, -0.25, -0.625]]],
    ),
    Example(
        softmax.log_softmax,
        [np.log([[1, 2, 5]])],
        value=np.log([[0.125, 0.25, 0.625]]),
        dy=[[1, 0, 0]],
        dxs=[[[0.875, -0.25, -0.625]]],
    ),
]

REFUSALS = [
    Refusal(
        operation,
        [np.zeros((4, 3))],
        rf"{operation.__name__}: axis is {axis}, x has shape \(4, 3\).*batch axis",
        settings={"axis": axis},
    )
    for operation in [softmax.softmax, softmax.log_softmax]
    for axis in [2, -3]
]
