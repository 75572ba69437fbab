# %% [markdown]
# Other correct answers to `sigmoid_gradient`: each gets full marks.

# %% neuron_forward: a dot product
"""The weighted sum is one product of arrays, and the nodes are not named one by one."""


def neuron_forward(w, x):
    z = w[:-1] @ x + w[-1]
    e = np.exp(-z)
    return z, -z, e, e + 1, (1 + e) ** -1.0


# %% chain_backward: closed forms
"""Every gradient is its own formula, instead of a chain of products; dz comes from σ(1
− σ)."""


def chain_backward(e, d, dy):
    y = 1 / d
    return -dy * y * y, -dy * y * y, -dy * y * (1 - y), dy * y * (1 - y)


# %% sum_backward: a loop
"""Loops over the inputs, with the bias as the weight of an input that is always 1."""


def sum_backward(w, x, dz):
    inputs = [*x, 1.0]
    dw = np.array([float(dz) * value for value in inputs])
    dx = np.array([float(w[i]) * dz for i in range(len(x))])
    return dw, dx


# %% sigmoid: recomputed on the way back
"""Keeps nothing but z, and takes the exponential once more in backward."""


def sigmoid(z):
    def backward(dy):
        e = np.exp(-z)
        return dy * e / (1 + e) ** 2

    return 1 / (1 + np.exp(-z)), backward


# %% sigmoid: hyperbolic tangent
"""Uses σ(z) = (1 + tanh(z/2))/2 and the derivative (1 − tanh²)/4: another algebraic
form."""


def sigmoid(z):
    t = np.tanh(z / 2)
    y = (1 + t) / 2
    return y, lambda dy: dy * (1 - t**2) / 4


# %% sigmoid: from the small nodes
"""Calls the functions of the first two tasks for every entry."""


def sigmoid(z):
    z = np.asarray(z)
    dtype = np.result_type(z, np.float16) if z.dtype.kind == "f" else np.float64
    flat = [
        neuron_forward(np.array([1.0, 0.0, 0.0]), np.array([v, 0.0])) for v in z.flat
    ]
    y = np.array([values[4] for values in flat], dtype).reshape(z.shape)

    def backward(dy):
        dz = [
            chain_backward(values[2], values[3], d)[3]
            for values, d in zip(flat, np.asarray(dy).flat)
        ]
        return np.array(dz).reshape(z.shape)

    return y, backward


# %% sigmoid: talks while it works
"""Prints, and warns, and is right."""
import sys
import warnings


def sigmoid(z):
    print("forward", z.shape)
    warnings.warn("the sigmoid saturates", stacklevel=1)
    print("a line on stderr", file=sys.stderr)
    np.log(np.zeros(1))
    y = 1 / (1 + np.exp(-z))
    helper = y - y**2

    def backward(dy):
        print("backward")
        return dy * helper

    return y, backward


# %% gated_layer: by hand
"""No graph: the two paths from z are added up in so many words."""


def gated_layer(activation, x, w, b, dy):
    z = x @ w + b
    gate, gate_backward = activation(z)
    dz = dy * gate + gate_backward(dy * z)
    return z * gate, dz @ w.T, x.T @ dz, dz.sum(axis=0)


# %% gated_layer: one loss
"""The gradient that arrives is made part of a loss: the sum of dy·y has the gradient
dy."""
from course_lib.graph import Parameter


def gated_layer(activation, x, w, b, dy):
    inputs, weights, bias = Node(x), Parameter(w), Parameter(b)
    z = inputs @ weights + bias
    y = apply(activation, z) * z
    gradients = backpropagate((y * dy).sum(), [inputs])
    return y.value, gradients[inputs], gradients[weights], gradients[bias]


# %% safe_sigmoid: each formula where it is needed
"""Fills the two halves of an array by boolean masks."""


def safe_sigmoid(z):
    z = np.asarray(z)
    if z.dtype.kind != "f":
        z = z.astype(np.float64)
    y = np.empty_like(z)
    right = z >= 0
    y[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    y[~right] = e / (1 + e)

    def backward(dy):
        return dy * (y * (1 - y))

    return y, backward


# %% safe_sigmoid: by logarithms
"""log σ(z) = −log(1 + exp(−z)), for which NumPy has a function that is safe."""


def safe_sigmoid(z):
    y = np.exp(-np.logaddexp(0, -z))
    return y, lambda dy: dy * y * np.exp(-np.logaddexp(0, z))


# %% safe_sigmoid: the derivative is even
"""Computes the derivative from exp(−|z|), which is the same for both signs of z."""


def safe_sigmoid(z):
    e = np.exp(np.minimum(z, -z))
    y = (z >= 0) * (1 / (1 + e)) + (z < 0) * (e / (1 + e))
    y = y.astype(e.dtype)
    return y, lambda dy: dy * e / np.square(1 + e)


# %% safe_sigmoid: overflow is allowed and harmless
"""Both formulas everywhere, with NumPy told that what overflows is not used."""


def safe_sigmoid(z):
    with np.errstate(over="ignore", invalid="ignore"):
        y = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
    return y, lambda dy: dy * y * (1 - y)
