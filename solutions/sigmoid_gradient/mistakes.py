# %% [markdown]
# Wrong answers to `sigmoid_gradient`. The string at the top of each is the hint that
# its author reads; what follows takes the place of the cell. In the order of the tasks.

# %% neuron_forward: bias left out | fails: test_neuron_forward
"""Your z contains only two of the three weights, so it is off by the same amount for
every input. The last weight belongs to no input: what does it do in the formula?"""


def neuron_forward(w, x):
    z = w[0] * x[0] + w[1] * x[1]
    n = -z
    e = np.exp(n)
    d = 1 + e
    y = 1 / d
    return z, n, e, d, y


# %% neuron_forward: inputs overwritten | fails: test_neuron_forward
"""Your values are right, but afterwards the caller's inputs are no longer what they
were: an operator such as `*=` changes the array itself. Whoever uses x next, your own
backward pass for example, computes with other numbers."""


def neuron_forward(w, x):
    x *= w[:2]
    z = x.sum() + w[2]
    n = -z
    e = np.exp(n)
    d = 1 + e
    return z, n, e, d, 1 / d


# %% chain_backward: always starts from one | fails: test_chain_backward
"""Your gradients are those of y itself. They are right only as long as what arrives is
1; when more nodes stand behind y, something else arrives, and every gradient on the way
back scales with it."""


def chain_backward(e, d, dy):
    dd = -1 / d**2
    de = dd
    dn = de * e
    dz = -dn
    return dd, de, dn, dz


# %% chain_backward: dy only at the end | fails: test_chain_backward
"""Your dz is right, but dd, de and dn leave out the gradient that arrives at y. A
gradient is multiplied at the first node that it meets; all later ones get the
product."""


def chain_backward(e, d, dy):
    dd = -1 / d**2
    de = dd
    dn = de * e
    dz = -dn * dy
    return dd, de, dn, dz


# %% chain_backward: reciprocal without the square | fails: test_chain_backward
"""Already your dd is wrong: it shrinks with d, but not fast enough. What is the
derivative of 1/d? The worked example has the same node."""


def chain_backward(e, d, dy):
    dd = -dy / d
    de = dd
    dn = de * e
    dz = -dn
    return dd, de, dn, dz


# %% chain_backward: change of sign forgotten | fails: test_chain_backward
"""Your dz has the wrong sign: by it, y would fall as z rises. There are two minus signs
on the way back; where does the second one come from?"""


def chain_backward(e, d, dy):
    dd = -dy / d**2
    de = dd
    dn = de * e
    dz = dn
    return dd, de, dn, dz


# %% chain_backward: exponential of e | fails: test_chain_backward
"""Your dn takes the exponential of a number that is an exponential already. The
derivative of exp at n is exp(n); which value of the forward pass is that?"""


def chain_backward(e, d, dy):
    dd = -dy / d**2
    de = dd
    dn = de * np.exp(e)
    dz = -dn
    return dd, de, dn, dz


# %% sum_backward: gradients as whole numbers | fails: test_sum_backward
"""For weights and inputs that are whole numbers, your gradients are whole numbers too,
and mostly 0. An array made by `zeros_like` has the dtype of its model, and what you
write into it is cut to fit."""


def sum_backward(w, x, dz):
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    for i in range(2):
        dw[i] = dz * x[i]
        dx[i] = dz * w[i]
    dw[2] = dz
    return dw, dx


# %% sum_backward: bias's gradient is one | fails: test_sum_backward
"""The gradients of the two weights scale with what arrives at z, the bias's does not.
Its local derivative is 1; what is still to be multiplied by it?"""


def sum_backward(w, x, dz):
    dw = np.array([dz * x[0], dz * x[1], 1.0])
    dx = dz * w[:2]
    return dw, dx


# %% sum_backward: factors not swapped | fails: test_sum_backward
"""Each weight's gradient contains the weight itself, and each input's the input. In a
product w·x, by how much does the result rise when w rises by 1?"""


def sum_backward(w, x, dz):
    dw = dz * np.array([w[0], w[1], 1.0])
    dx = dz * x
    return dw, dx


# %% sigmoid: derivative of the argument | fails: test_sigmoid_gradient
"""Your gradient is z(1 − z), the right formula applied to the wrong number: it leaves
the range from 0 to 1/4 as soon as z does. What is σ in σ(1 − σ), the input or the
value?"""


def sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * z * (1 - z)

    return y, backward


# %% sigmoid: differences in place of the derivative | fails: test_sigmoid_gradient
"""Your gradient is the slope between two neighboring points: a good way to check a
derivative, and a poor one to compute it. It takes two more evaluations of σ and loses
half of the digits. You have derived a formula that needs neither."""


def sigmoid(z):
    def value(z):
        return 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * (value(z + 1e-5) - value(z - 1e-5)) / 2e-5

    return value(z), backward


# %% sigmoid: dy ignored | fails: test_sigmoid_gradient
"""Your backward returns the derivative of σ, whatever arrives. That is right for a
gradient of ones only. A node multiplies what arrives by its derivative, entry by
entry."""


def sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return y * (1 - y)

    return y, backward


# %% sigmoid: one dy for all | fails: test_sigmoid_gradient
"""Every entry of your gradient is scaled by one and the same number, made from all of
dy. Entries don't influence each other in σ: which entry of dy belongs to which entry of
z?"""


def sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return np.mean(dy) * y * (1 - y)

    return y, backward


# %% sigmoid: derivative without the second factor | fails: test_sigmoid_gradient
"""Your gradient goes on growing where σ has long become flat. The derivative has two
factors, and one of them vanishes when σ comes close to 1."""


def sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * y

    return y, backward


# %% sigmoid: remembers the last call | fails: test_sigmoid_used_twice
"""Your backward uses what the most recent call of sigmoid left behind. A network calls
it in many places before the first backward runs: each of them needs values of its own,
which a variable inside the function gives for free."""
last_value = None


def sigmoid(z):
    global last_value
    last_value = 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * last_value * (1 - last_value)

    return last_value, backward


# %% sigmoid: dy overwritten | fails: test_sigmoid_used_twice
"""Your gradient is right, but the array dy is changed: an operator such as `*=` writes
into it. The same array may be on its way to another node, which then gets a wrong
gradient."""


def sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        dy *= y * (1 - y)
        return dy

    return y, backward


# %% sigmoid: z overwritten | fails: test_sigmoid_used_twice
"""Your value is right, but the caller's z has changed. It is not yours: another node
may be using the same array, in this pass or on the way back."""


def sigmoid(z):
    z *= -1
    y = 1 / (1 + np.exp(z))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% sigmoid: one axis only | fails: test_sigmoid_value, test_sigmoid_gradient
"""Your loop runs over the first axis and expects a single number at each place. A batch
has two axes, an image more: NumPy's functions take arrays of any shape, without a
loop."""
import math


def sigmoid(z):
    y = np.array([1 / (1 + math.exp(-value)) for value in z], dtype=z.dtype)
    if z.dtype.kind == "i":
        y = np.array([1 / (1 + math.exp(-value)) for value in z])

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% sigmoid: always float64 | fails: test_sigmoid_value
"""Your values are right, but a float32 array comes back as float64. In a network that
computes in float32, every layer behind it would then take twice the memory. Which call
fixes the dtype?"""


def sigmoid(z):
    y = 1 / (1 + np.exp(-np.asarray(z, dtype=np.float64)))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% gated_layer: gate taken as a constant | fails: test_gated_gradients
"""Your value is right; your gradient follows only one of the two paths from z to y.
What has no node in the graph is a constant for it: look for an array where a Node
should be."""


def gated_layer(activation, x, w, b, dy):
    x, w, b = Node(x), Node(w), Node(b)
    z = x @ w + b
    gate, _ = activation(z.value)
    y = z * gate
    gradients = backpropagate(y, [x, w, b], gradient=dy)
    return y.value, gradients[x], gradients[w], gradients[b]


# %% gated_layer: gradient of the plain sum | fails: test_gated_gradients
"""Your gradients are those of the sum of all outputs, which is what you get when a
gradient of ones arrives. Where does the walk back start?"""


def gated_layer(activation, x, w, b, dy):
    x, w, b = Node(x), Node(w), Node(b)
    z = x @ w + b
    y = z * apply(activation, z)
    gradients = backpropagate(y.sum(), [x, w, b])
    return y.value, gradients[x], gradients[w], gradients[b]


# %% gated_layer: averaged over the batch | fails: test_gated_gradients
"""Your gradients are too small by the number of rows. A mean over the batch belongs to
a loss that is a mean; here what arrives at y is given, and the rows' contributions add
up."""


def gated_layer(activation, x, w, b, dy):
    n = len(x)
    x, w, b = Node(x), Node(w), Node(b)
    z = x @ w + b
    y = z * apply(activation, z)
    gradients = backpropagate(y, [x, w, b], gradient=dy / n)
    return y.value, gradients[x], gradients[w], gradients[b]


# %% gated_layer: only the first row's bias | fails: test_gated_gradients
"""Your db belongs to the first row of the batch alone. The bias is added to every row,
so it is used once in each of them: what happens to the gradients of something used many
times?"""


def gated_layer(activation, x, w, b, dy):
    z = x @ w + b
    gate, backward = activation(z)
    dz = dy * gate + backward(dy * z)
    return z * gate, dz @ w.T, x.T @ dz, dz[0]


# %% gated_layer: activation applied to its own output | fails: test_gated_value, test_gated_gradients
"""Your layer squeezes the activation's value by the activation itself. In the formula
the gate σ(Z) multiplies Z: which of your two factors is not what it should be?"""


def gated_layer(activation, x, w, b, dy):
    x, w, b = Node(x), Node(w), Node(b)
    z = apply(activation, x @ w + b)
    y = z * apply(activation, z)
    gradients = backpropagate(y, [x, w, b], gradient=dy)
    return y.value, gradients[x], gradients[w], gradients[b]


# %% safe_sigmoid: the first version again | fails: test_safe_quiet, test_safe_tails
"""For very negative z your version takes the exponential of a large positive number.
The value is 0 by good luck, where it should be tiny; for which z is the second formula
in the text the safe one?"""


def safe_sigmoid(z):
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: both branches computed | fails: test_safe_quiet
"""Your values are right, yet NumPy warns: `np.where` picks from two arrays that have
been computed for all entries, the overflowing ones included. Can you find one
exponential that is safe for both signs, or compute each formula only where it is
needed?"""


def safe_sigmoid(z):
    y = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: clipped | fails: test_safe_quiet, test_safe_tails
"""Beyond a certain z your value no longer changes: clipping hides the overflow by
answering for another input. Far to the left σ(z) goes on shrinking like exp(z), and
should."""


def safe_sigmoid(z):
    y = 1 / (1 + np.exp(-np.clip(z, -500, 500)))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: hyperbolic tangent | fails: test_safe_tails
"""Your formula with tanh is a true one, but far to the left it subtracts two numbers
that are almost equal: most digits of the value cancel, and soon all of them. Which of
the two formulas in the text has no subtraction?"""


def safe_sigmoid(z):
    y = 0.5 * (1 + np.tanh(0.5 * z))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: one minus the mirror image | fails: test_safe_tails
"""For negative z you take 1 − σ(−z). On paper that is right; in floating point σ(−z)
rounds to 1 far out, and the difference, which is all that matters, is lost."""


def safe_sigmoid(z):
    s = 1 / (1 + np.exp(-np.abs(z)))
    y = np.where(z >= 0, s, 1 - s)

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: gradient overflows | fails: test_safe_ends, test_safe_quiet, test_safe_tails
"""Your value is safe, your backward is not: it takes the exponential of a large
positive number and divides infinity by infinity. What does the derivation say the
backward pass needs from the forward pass?"""


def safe_sigmoid(z):
    e = np.exp(-np.abs(z))
    y = np.where(z >= 0, 1, e) / (1 + e)

    def backward(dy):
        return dy * np.exp(-z) / (1 + np.exp(-z)) ** 2

    return y, backward


# %% safe_sigmoid: kept away from 0 and 1 | fails: test_safe_tails
"""Your value never comes closer to 0 than some small number of your choice. That is a
habit from logarithms, where it hides infinities; here it replaces the right value by
another."""


def safe_sigmoid(z):
    e = np.exp(-np.abs(z))
    y = np.clip(np.where(z >= 0, 1, e) / (1 + e), 1e-15, 1 - 1e-15)

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward


# %% safe_sigmoid: cut to whole numbers | fails: test_safe_ends
"""For an array of integers your values are 0 or 1 and nothing in between. The array
that you fill has the dtype of z, and what you write into it is cut to fit."""


def safe_sigmoid(z):
    y = np.zeros_like(z)
    right = z >= 0
    y[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    y[~right] = e / (1 + e)

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward
