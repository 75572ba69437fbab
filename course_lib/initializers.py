"""How parameters start: each initializer makes an array of a shape from a generator.

A weight has shape (out, in) or, for a convolution, (out, in, …kernel). Its fan-in is
how many inputs one output sums, its fan-out how many outputs one input reaches. The
rules that use them keep the size of signals, or of gradients, the same from layer to
layer: Var(Σ wx) = fan_in·Var(w)·E(x²).

A layer takes an initializer by its name, `initializer=he_normal`; its settings are
fixed with `functools.partial(normal, std=0.01)`.

Which name is which: "Xavier" means 1/√fan_in in many lectures: here `lecun_normal`. In
torch it means Xavier Glorot's own rule: `glorot_normal`. torch's kaiming_ is Kaiming
He's: `he_normal`.
"""

from collections.abc import Callable

import numpy as np

from course_lib.types import Array

Shape = tuple[int, ...]
Initializer = Callable[[Shape, np.random.Generator], Array]


def zeros(shape: Shape, rng: np.random.Generator) -> Array:
    """All zeros: right for biases. A layer of zero weights never learns: its outputs
    are all alike, and so are their gradients."""
    return np.zeros(shape)


def constant(shape: Shape, rng: np.random.Generator, *, value: float) -> Array:
    """All equal to a value."""
    return np.full(shape, float(value))


def normal(shape: Shape, rng: np.random.Generator, *, std: float) -> Array:
    """N(0, std²). The setting is the standard deviation, not the variance."""
    return rng.normal(0.0, std, shape)


def uniform(shape: Shape, rng: np.random.Generator, *, limit: float) -> Array:
    """U(−limit, limit), whose standard deviation is limit/√3."""
    return rng.uniform(-limit, limit, shape)


def lecun_normal(shape: Shape, rng: np.random.Generator) -> Array:
    """N(0, 1/fan_in): a weighted sum is as large as its inputs are.

    Lectures often call this Xavier's. Xavier Glorot's own rule, `glorot_normal`, takes
    the mean of both fans, so that it also suits the way back.

    Source: LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, equation 16. It is
    also the start that SELU needs (Klambauer et al. 2017).
    """
    return he_normal(shape, rng, gain=1.0)


def lecun_uniform(shape: Shape, rng: np.random.Generator) -> Array:
    """U(−√(3/fan_in), √(3/fan_in)): the variance of `lecun_normal`.

    Source: LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, equation 16.
    """
    return he_uniform(shape, rng, gain=1.0)


def torch_default(shape: Shape, rng: np.random.Generator) -> Array:
    """U(−1/√fan_in, 1/√fan_in), with which torch's Linear and Conv layers start: a
    third of the variance of `lecun_uniform`.

    torch writes it as kaiming_uniform_(a=√5), the gain of a leaky ReLU of slope √5.
    """
    return he_uniform(shape, rng, gain=activation_gain("leaky_relu", slope=np.sqrt(5)))


def glorot_normal(
    shape: Shape, rng: np.random.Generator, *, gain: float = 1.0
) -> Array:
    """N(0, gain²·2/(fan_in + fan_out)), torch's xavier_normal_.

    Source: Glorot and Bengio (2010), equation 12.
    """
    return normal(shape, rng, std=gain * np.sqrt(2 / sum(fans(shape))))


def glorot_uniform(
    shape: Shape, rng: np.random.Generator, *, gain: float = 1.0
) -> Array:
    """U(−a, a) with a = gain·√6/√(fan_in + fan_out), torch's xavier_uniform_: the
    variance of `glorot_normal`.

    Source: Glorot and Bengio (2010), equation 16.
    """
    return uniform(shape, rng, limit=gain * np.sqrt(6 / sum(fans(shape))))


def he_normal(
    shape: Shape,
    rng: np.random.Generator,
    *,
    gain: float = np.sqrt(2),
    mode: str = "fan_in",
) -> Array:
    """N(0, gain²/fan), torch's kaiming_normal_. The gain √2 makes up for the half of
    the signal that a ReLU sets to zero; `activation_gain` knows that of others.

    Args:
        mode: "fan_in" keeps the size of signals on the way forward, "fan_out" that of
            gradients on the way back.

    Source: He et al. (2015), equations 10 and 14.
    """
    return normal(shape, rng, std=gain / np.sqrt(_fan(shape, mode)))


def he_uniform(
    shape: Shape,
    rng: np.random.Generator,
    *,
    gain: float = np.sqrt(2),
    mode: str = "fan_in",
) -> Array:
    """U(−a, a) with a = gain·√(3/fan), torch's kaiming_uniform_: the variance of
    `he_normal`, whose settings it has.

    Source: He et al. (2015), equations 10 and 14.
    """
    return uniform(shape, rng, limit=gain * np.sqrt(3 / _fan(shape, mode)))


def orthogonal(shape: Shape, rng: np.random.Generator, *, gain: float = 1.0) -> Array:
    """gain·Q, a random matrix of orthonormal rows or, if there are more rows than
    columns, columns: it turns vectors, and keeps their length. A kernel counts as (out,
    in·k…). torch's orthogonal_.

    Q comes from the QR decomposition of normal numbers. LAPACK's Q has a preference in
    its signs; with those of R's diagonal taken out, all directions are equally likely.

    Source: Saxe, McClelland and Ganguli (2014); the signs from Mezzadri (2007), How to
    Generate Random Matrices from the Classical Compact Groups.

    Raises:
        ValueError: as for `fans`.
    """
    fan_in, _ = fans(shape)
    draws = normal((shape[0], fan_in), rng, std=1.0)
    wide = shape[0] < fan_in
    q, r = np.linalg.qr(draws.T if wide else draws)
    q *= np.sign(np.diag(r))
    return gain * (q.T if wide else q).reshape(shape)


def siren_first(shape: Shape, rng: np.random.Generator) -> Array:
    """U(−1/fan_in, 1/fan_in), for a SIREN's first layer: with ω = 30 its sines run
    through several periods over inputs from −1 to 1.

    Source: Sitzmann et al. (2020), Implicit Neural Representations with Periodic
    Activation Functions, section 3.2 for ω; the limit is that of the authors' program.
    """
    fan_in, _ = fans(shape)
    return uniform(shape, rng, limit=1 / fan_in)


def siren(shape: Shape, rng: np.random.Generator, *, frequency: float = 30.0) -> Array:
    """U(−a, a) with a = √(6/fan_in)/ω, for the other layers of a SIREN, with activation
    sin(ωx): ω times a weighted sum then has twice the variance v of its inputs. Where
    those are sines of many periods, v = ½, it is 1; from layer to layer it settles
    where v = (1 − e⁻⁴ᵛ)/2, at a standard deviation of 0.89, neither growing nor dying.

    Source: Sitzmann et al. (2020), section 3.2.
    """
    fan_in, _ = fans(shape)
    return uniform(shape, rng, limit=np.sqrt(6 / fan_in) / frequency)


def activation_gain(name: str, *, slope: float = 0.01) -> float:
    """What the standard deviation of the weights is multiplied with, so that signals
    keep their size through an activation: torch's calculate_gain.

    √2 for ReLU, as E(relu(x)²) = E(x²)/2, and √(2/(1 + slope²)) for leaky ReLU; these
    follow from the definition. 5/3 for tanh and 3/4 for SELU are torch's, found by
    experiment; 1 for "sigmoid" and "linear" leaves the size as it is.

    Args:
        name: "linear", "sigmoid", "tanh", "relu", "leaky_relu" or "selu".
        slope: of the leaky ReLU on the left.

    Raises:
        ValueError: the name is another one.
    """
    gains = {
        "linear": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": np.sqrt(2.0),
        "leaky_relu": np.sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    }
    if name not in gains:
        raise ValueError(
            f"activation_gain: {name!r} is unknown, expected one of {', '.join(gains)}"
        )
    return float(gains[name])


def fans(shape: Shape) -> tuple[int, int]:
    """Fan-in and fan-out of a weight. With the shape (out, in/groups, …kernel) of a
    grouped convolution the fan-out counts all groups, as in torch.

    Raises:
        ValueError: the shape has fewer than two axes, or an empty one.
    """
    if len(shape) < 2 or 0 in shape:
        raise ValueError(
            f"fans: shape {shape} has no fan-in; expected (out, in) or "
            "(out, in, …kernel), each at least 1. Is this a bias?"
        )
    kernel_size = int(np.prod(shape[2:]))
    return shape[1] * kernel_size, shape[0] * kernel_size


def _fan(shape: Shape, mode: str) -> int:
    fan_in, fan_out = fans(shape)
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(
            f"he_normal, he_uniform: mode is {mode!r}, expected 'fan_in' or 'fan_out'"
        )
    return fan_in if mode == "fan_in" else fan_out
