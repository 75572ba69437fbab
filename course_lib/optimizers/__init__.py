"""Optimizers, one file a rule.

From simple to complex: SGD, Momentum, MovingAverageMomentum, Nesterov, SGDW, AdaGrad,
RMSProp, AdaDelta, Adam, AMSGrad, AdamW, NAdam. Two stand beside this line: RandomRates
with its ModelAverage, and GradientDescent, which searches for its rate. Clipping comes
before the step of any.
"""

from course_lib.optimizers.adadelta import AdaDelta
from course_lib.optimizers.adagrad import AdaGrad
from course_lib.optimizers.adam import Adam
from course_lib.optimizers.adamw import AdamW
from course_lib.optimizers.amsgrad import AMSGrad
from course_lib.optimizers.clipping import clip_grad_norm, clip_grad_value
from course_lib.optimizers.groups import Group
from course_lib.optimizers.line_search import GradientDescent
from course_lib.optimizers.model_average import ModelAverage
from course_lib.optimizers.momentum import Momentum
from course_lib.optimizers.moving_average_momentum import MovingAverageMomentum
from course_lib.optimizers.nadam import NAdam
from course_lib.optimizers.nesterov import Nesterov
from course_lib.optimizers.optimizer import Optimizer
from course_lib.optimizers.random_rates import RandomRates
from course_lib.optimizers.rmsprop import RMSProp
from course_lib.optimizers.sgd import SGD
from course_lib.optimizers.sgdw import SGDW

__all__ = [
    "SGD",
    "SGDW",
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "AdamW",
    "GradientDescent",
    "Group",
    "ModelAverage",
    "Momentum",
    "MovingAverageMomentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "RandomRates",
    "clip_grad_norm",
    "clip_grad_value",
]
