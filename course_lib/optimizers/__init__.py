"""Optimizers, one file a rule.

From simple to complex: SGD, Momentum, MovingAverageMomentum,
Nesterov, AdaGrad, RMSProp, AdaDelta, Adam, AMSGrad, NAdam.
"""

from course_lib.optimizers.adadelta import AdaDelta
from course_lib.optimizers.adagrad import AdaGrad
from course_lib.optimizers.adam import Adam
from course_lib.optimizers.amsgrad import AMSGrad
from course_lib.optimizers.momentum import Momentum
from course_lib.optimizers.moving_average_momentum import MovingAverageMomentum
from course_lib.optimizers.nadam import NAdam
from course_lib.optimizers.nesterov import Nesterov
from course_lib.optimizers.optimizer import Optimizer
from course_lib.optimizers.rmsprop import RMSProp
from course_lib.optimizers.sgd import SGD

__all__ = [
    "SGD",
    "AMSGrad",
    "AdaDelta",
    "AdaGrad",
    "Adam",
    "Momentum",
    "MovingAverageMomentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RMSProp",
]
