# %% [markdown]
# # Adam, and its bias correction
#
# Someone wrote Adam from memory: an average of the gradient, an average of its square,
# one divided by the root of the other. It runs, the loss falls, everybody is content.
# Yet its very first step is three times as long as it should be, and nobody notices.
#
# You write Adam from its parts, add the line that was forgotten, and train a network on
# real digits with and without it. Guess now which of the two learns faster. The answer
# is not as simple as it sounds.
#
# You need the chapter
# [Adaptive methods](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html),
# and about 50 minutes.
#
# **How it works.** Fill the cells that say `YOUR CODE HERE` or `YOUR ANSWER HERE`. The
# cell below each task checks your answer and says what is wrong with it. Passing these
# checks is a good sign, but no proof: grading tries other inputs. At the end, restart
# the kernel and run all cells.

# %% nbgrader={"grade_id": "setup"}
import numpy as np

from course_grader.checks import (
    check,
    check_array,
    check_form,
    check_unchanged,
    checking,
)
from course_grader.withhold import withhold
from course_lib.data import load_digits
from course_lib.graph import apply, backpropagate
from course_lib.layers import Dense, ReLU, Sequential
from course_lib.operations.losses import cross_entropy

# What you are asked to write can't be imported in this notebook.
withhold(
    "course_lib.optimizers.Adam",
    "course_lib.optimizers.AdamW",
    "course_lib.optimizers.AMSGrad",
    "course_lib.optimizers.NAdam",
    "course_lib.optimizers.adam",
    "course_lib.optimizers.adamw",
    "course_lib.optimizers.amsgrad",
    "course_lib.optimizers.nadam",
    "torch",
    because="adam",
)

# %% [markdown]
# ## A worked example: the first step, without correction
#
# Adam keeps two averages, both zero at the start:
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \qquad
# v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2,$$
#
# with $\beta_1 = 0.9$ and $\beta_2 = 0.999$ as a rule. Let the first gradient be $g =
# 2$. Then $m = 0.1 \cdot 2 = 0.2$ and $v = 0.001 \cdot 4 = 0.004$. The step is the
# learning rate $\eta$ times
#
# $$\frac{m}{\sqrt v} = \frac{0.2}{\sqrt{0.004}} = 3.16\ldots$$
#
# The idea behind Adam is a step of about $\eta$ while the gradient keeps its sign. This
# one is three times as long, and a larger or smaller $g$ changes nothing about it: run
# the cell with other values.

# %%
g = 2.0
m, v = 0.0, 0.0
m = 0.9 * m + (1 - 0.9) * g
v = 0.999 * v + (1 - 0.999) * g**2
print(f"the first step is {m / np.sqrt(v):.4f} times the learning rate")

# %% [markdown]
# ## 1. Two averages
#
# Write one update of the two averages. They are arrays of the parameter's shape, and
# each entry is treated alone. Make new arrays: whoever calls your function still needs
# the old ones and the gradient.
#
# In the chapter:
# [Adam: average both](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html#adam-average-both).


# %% nbgrader={"grade_id": "update_moments", "solution": true}
def update_moments(m, v, g, betas):
    """The moving averages of the gradient and of its square, one step later.

    Args:
        m, v: the averages so far, arrays of one shape.
        g: the gradient, an array of that shape.
        betas: the pair (beta1, beta2), each from 0 up to, but not including, 1.

    Returns:
        The new m and the new v: new arrays, float32 where m, v and g are.
    """
    ### BEGIN SOLUTION
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return m, v
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_moments", "points": 2}
with checking("the two averages"):
    zeros, g = np.zeros(3), np.array([1.0, -1.0, 0.0])
    averages = update_moments(zeros.copy(), zeros.copy(), g.copy(), (0.9, 0.999))
    check(
        type(averages) is tuple and len(averages) == 2,
        "update_moments should return two arrays, m and v",
    )
    check_array("m", averages[0], 0.1 * g)
    check_array("v", averages[1], 0.001 * g**2)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(10)
    for shape, betas in (((3, 4), (0.7, 0.95)), ((5,), (0.0, 0.6)), ((), (0.85, 0.3))):
        m, g = rng.normal(size=(2, *shape))
        v = rng.uniform(0.1, 3, shape)
        b1, b2 = betas
        inputs = np.array(m), np.array(v), np.array(g)
        averages = update_moments(*inputs, betas)
        check_array("m", averages[0], b1 * m + (1 - b1) * g, atol=1e-12)
        check_array("v", averages[1], b2 * v + (1 - b2) * g * g, atol=1e-12)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. How much is missing, on paper
#
# Let the gradient be the same $g$ in every step. The averages start at 0, so at first
# they are too small, and after many steps they are right. Find out by how much:
#
# 1. Show that after $t$ steps $m_t = (1 - \beta_1^t)\,g$. Write $m_1$, $m_2$ and $m_3$
#    first, and then the general case.
# 2. By which factor must $m_t$ and $v_t$ be divided, so that they are $g$ and $g^2$
#    from the first step on?
# 3. Without these divisions, the step is off by a factor that depends on $t$, $\beta_1$
#    and $\beta_2$. Write it down. Is it larger or smaller than 1 in the first step, for
#    $(\beta_1, \beta_2) = (0.9, 0.999)$, and for $(0.9, 0.9)$?

# %% [markdown] nbgrader={"grade_id": "derivation", "solution": true, "points": 3}
# ### BEGIN SOLUTION
# 1. From $m_0 = 0$: $m_1 = (1 - \beta_1) g$. Then $m_2 = \beta_1 (1 - \beta_1) g + (1 -
#    \beta_1) g = (1 - \beta_1)(1 + \beta_1) g = (1 - \beta_1^2) g$, and $m_3 = \beta_1
#    (1 - \beta_1^2) g + (1 - \beta_1) g = (1 - \beta_1^3) g$. If it holds for $t$, then
#    $m_{t+1} = \beta_1 (1 - \beta_1^t) g + (1 - \beta_1) g = (1 - \beta_1^{t+1}) g$: it
#    holds for every $t$. (Or: $m_t = (1 - \beta_1) \sum_{i=0}^{t-1} \beta_1^i\, g$, a
#    geometric series.)
# 2. $m_t$ by $1 - \beta_1^t$. The same argument with $g^2$ for $g$ gives $v_t = (1 -
#    \beta_2^t)\, g^2$, so $v_t$ by $1 - \beta_2^t$.
# 3. Uncorrected over corrected step: $\dfrac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}}$. In
#    the first step this is $0.1/\sqrt{0.001} = 3.16$, too large, for $(0.9, 0.999)$;
#    and $0.1/\sqrt{0.1} = 0.316$, too small, for $(0.9, 0.9)$.
#
# **Rubric** (3 points)
#
# - 1 point: $m_t = (1 - \beta_1^t) g$ with a reason for every $t$, by induction or by
#   the geometric series. Half a point for $m_1$ to $m_3$ alone.
# - 1 point: both factors, each with its own $\beta$ and with the power $t$.
# - 1 point: the ratio with its square root, and both signs: too large, too small. Half
#   a point if the root is missing.
# ### END SOLUTION

# %% [markdown]
# ## 3. The correction
#
# Real gradients are not constant. But as long as they are about as large at one time as
# at another, the same two factors are missing on average. Write the correction. `t` is
# the number of the step, and the first step is number 1.
#
# In the chapter:
# [Where the correction comes from](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html#where-the-correction-comes-from).


# %% nbgrader={"grade_id": "correct_bias", "solution": true}
def correct_bias(m, v, t, betas):
    """The averages, corrected for their start at zero.

    Args:
        m, v: the averages after t steps, arrays of one shape. They stay as they are.
        t: how many gradients they have seen, 1 or more.
        betas: the pair (beta1, beta2) that they were made with.

    Returns:
        m_hat and v_hat: new arrays, float32 where m and v are.
    """
    ### BEGIN SOLUTION
    beta1, beta2 = betas
    return m / (1 - beta1**t), v / (1 - beta2**t)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_correction", "points": 2}
with checking("the correction"):
    # After one step with the gradients 1 and -1.
    m, v = np.array([0.1, -0.1]), np.array([0.001, 0.001])
    corrected = correct_bias(m.copy(), v.copy(), 1, (0.9, 0.999))
    check(
        type(corrected) is tuple and len(corrected) == 2,
        "correct_bias should return two arrays, m_hat and v_hat",
    )
    check_array("m_hat", corrected[0], [1.0, -1.0])
    check_array("v_hat", corrected[1], [1.0, 1.0])
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(30)
    for t in (1, 2, 3, 10, 4000):
        for shape, b1, b2 in (((2, 3), 0.7, 0.95), ((), 0.99, 0.5), ((4,), 0.9, 0.999)):
            m, v = rng.normal(size=shape), rng.uniform(0.1, 2, shape)
            inputs = np.array(m), np.array(v)
            corrected = correct_bias(*inputs, t, (b1, b2))
            check_array("m_hat", corrected[0], m / (1 - b1**t), rtol=1e-9)
            check_array("v_hat", corrected[1], v / (1 - b2**t), rtol=1e-9)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 4. The step
#
# Where the gradient was zero all the time, $\hat m/\sqrt{\hat v}$ is $0/0$. A small
# $\varepsilon$ prevents that. The paper, and torch, add it *outside* the root:
#
# $$x \leftarrow x - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$
#
# In the chapter:
# [Adam: average both](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html#adam-average-both).


# %% nbgrader={"grade_id": "move", "solution": true}
def move(x, m_hat, v_hat, lr, eps):
    """A parameter after Adam's step.

    Args:
        x: the parameter's value, an array. It stays as it is.
        m_hat, v_hat: the corrected averages, of its shape. They stay as they are.
        lr: the learning rate η.
        eps: ε, added outside the root.

    Returns:
        The new value: a new array, float32 where x, m_hat and v_hat are.
    """
    ### BEGIN SOLUTION
    return x - lr * m_hat / (np.sqrt(v_hat) + eps)
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_move", "points": 1}
with checking("the step"):
    x, m_hat, v_hat = np.array([1.0, 2.0]), np.array([1.0, -1.0]), np.array([1.0, 1.0])
    new = move(x.copy(), m_hat.copy(), v_hat.copy(), 0.1, 1e-8)
    check_array("the new x", new, [0.9, 2.1], rtol=1e-6)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(31)
    for shape, lr in (((3, 2), 0.3), ((), 2.5)):
        x, m_hat = rng.normal(size=(2, *shape))
        v_hat = rng.uniform(0.2, 4, shape)
        new = move(np.array(x), np.array(m_hat), np.array(v_hat), lr, 1e-13)
        check_array("the new x", new, x - lr * m_hat / v_hat**0.5, rtol=1e-9, atol=1e-9)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_epsilon", "points": 1}
with checking("ε"):
    zero = np.zeros(1)
    new = move(np.array([3.0]), zero.copy(), zero.copy(), 0.1, 1e-8)
    check_array("the new x, where no gradient ever came,", new, [3.0])
    ### BEGIN HIDDEN TESTS
    # How far x moves, for an ε large enough to be seen.
    v_hat = np.array([0.0, 0.0, 1.0, 1.0])
    m_hat = np.array([0.0, 0.003, 1.0, -0.2])
    for eps, lr in ((1e-2, 1.0), (0.5, 0.25)):
        new = move(np.zeros(4), m_hat.copy(), v_hat.copy(), lr, eps)
        check_form("the new x, from 0,", new, shape=(4,))
        moved = lr * np.abs(m_hat) / (v_hat + eps)
        check_array("the length of the step", np.abs(new), moved)
    ### END HIDDEN TESTS

# %% [markdown]
# With these three functions you can see what the missing correction does over time. The
# cell feeds a constant gradient, and prints how many times too long the uncorrected
# step is.

# %%
m, v, x = np.zeros(1), np.zeros(1), np.zeros(1)
for t in range(1, 3001):
    m, v = update_moments(m, v, np.ones(1), (0.9, 0.999))
    if t in (1, 2, 12, 100, 1000, 3000):
        uncorrected = move(x, m, v, 1.0, 1e-8)
        corrected = move(x, *correct_bias(m, v, t, (0.9, 0.999)), 1.0, 1e-8)
        print(f"step {t:4}: {(uncorrected / corrected).item():.2f} times")

# %% [markdown]
# ## 5. The optimizer
#
# A network has many parameters: weights and biases of every layer. One optimizer takes
# care of all of them. It remembers two averages *for each* parameter, and counts its
# steps: one step moves every parameter once.
#
# `step` gets the values of all parameters and their gradients, as two lists in the same
# order, and returns a list of new values. The caller puts them into the network. So
# your optimizer never changes an array that is not its own. It gets the same parameters
# in the same order in each step; the first step tells how many there are, and of which
# shapes.
#
# With `bias_correction=False` it leaves the correction out, for the comparison below.
#
# In the chapter:
# [Can you see the mistake?](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html#experiment-6-can-you-see-the-mistake).


# %% nbgrader={"grade_id": "adam", "solution": true}
class Adam:
    """Adam for any number of parameters.

    Args:
        lr: the learning rate η.
        betas: the decay rates (beta1, beta2) of the two averages.
        eps: ε, added outside the root.
        bias_correction: whether the averages are corrected for their start at zero.
    """

    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        ### BEGIN SOLUTION
        self.lr = lr
        self.betas = betas
        self.eps = eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []  # a pair (m, v) for each parameter
        ### END SOLUTION

    def step(self, xs, gs):
        """Move every parameter once.

        Args:
            xs: the parameters' values, a list of arrays, perhaps of different shapes.
            gs: their gradients, a list of arrays in the same order.

        Returns:
            The new values, a list of new arrays, float32 where x and g are. The lists
            xs and gs and the arrays in them stay as they are.
        """
        ### BEGIN SOLUTION
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        self.t += 1
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = update_moments(*self.averages[i], g, self.betas)
            self.averages[i] = m, v
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new
        ### END SOLUTION


# %% nbgrader={"grade_id": "test_adam_one_parameter", "points": 2}
with checking("Adam, one parameter"):
    optimizer = Adam(lr=0.1)
    x, g = np.array([1.0, -2.0]), np.array([0.5, -3.0])
    new = optimizer.step([x.copy()], [g.copy()])
    check(
        type(new) is list and len(new) == 1,
        "step should return a list with one array for each parameter",
    )
    check_form("the new x", new[0], shape=(2,))
    # The first step of a corrected Adam moves every entry by η, against the gradient.
    # If one of your functions is still wrong, the step may be what they make of it.
    expected = np.array([0.9, -1.9])
    if not np.allclose(new[0], expected, rtol=1e-6):
        m, v = update_moments(np.zeros(2), np.zeros(2), g, (0.9, 0.999))
        expected = move(x, *correct_bias(m, v, 1, (0.9, 0.999)), 0.1, 1e-8)
    check_array("the new x", new[0], expected, rtol=1e-6)

    ### BEGIN HIDDEN TESTS
    # The steps are held to the formula, or to the student's own functions: where one of
    # them is wrong, that has cost its points already. A step starts from the value that
    # it is given, which after three steps is another one.
    def by_the_formula(xs, gs, lr, betas, eps):
        m, v = 0 * xs[0], 0 * xs[0]
        for t, (x, g) in enumerate(zip(xs, gs, strict=True), start=1):
            m, v = (
                betas[0] * m + (1 - betas[0]) * g,
                betas[1] * v + (1 - betas[1]) * g**2,
            )
            root = (v / (1 - betas[1] ** t)) ** 0.5
            yield x - lr * m / (1 - betas[0] ** t) / (root + eps)

    def by_your_functions(xs, gs, lr, betas, eps):
        m, v = 0 * xs[0], 0 * xs[0]
        for t, (x, g) in enumerate(zip(xs, gs, strict=True), start=1):
            m, v = map(np.array, update_moments(m.copy(), v.copy(), g.copy(), betas))
            m_hat, v_hat = correct_bias(m.copy(), v.copy(), t, betas)
            yield np.array(move(x.copy(), m_hat, v_hat, lr, eps))

    def followed(results, *arguments):
        try:
            yours = np.array(list(by_your_functions(*arguments)))
            if np.allclose(results, yours, rtol=1e-8, atol=1e-10):
                return yours
        except Exception:
            pass
        return np.array(list(by_the_formula(*arguments)))

    rng = np.random.default_rng(50)
    alive = []  # so that no two arrays have the same place in memory
    for shape, settings in (
        ((2, 3), {"lr": 0.05, "betas": (0.8, 0.97), "eps": 1e-2}),
        ((4,), {"lr": 0.3, "betas": (0.6, 0.5), "eps": 1e-6}),
        ((1,), {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8}),
    ):
        gs = [rng.normal(size=shape) for _ in range(6)]
        gs[3] *= 0  # for once nothing arrives; what m remembers still moves x
        x, xs, results = rng.normal(size=shape), [], []
        optimizer = Adam(**settings)
        for t, g in enumerate(gs, start=1):
            alive += [x.copy(), g.copy()]
            new = optimizer.step(alive[-2:-1], alive[-1:])
            check_form("the new x", new[0], shape=shape)
            xs.append(x)
            results.append(np.array(new[0]))
            x = 3 + x if t == 3 else results[-1]
        check(not np.array_equal(results[0], xs[0]), "x has not moved")
        expected = followed(results, xs, gs, *settings.values())
        for t in range(6):
            name = f"x after step {t + 1}"
            check_array(name, results[t], expected[t], rtol=1e-8, atol=1e-10)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_adam_several_parameters", "points": 2}
with checking("Adam, several parameters"):
    optimizer = Adam(lr=0.1)
    new = optimizer.step([np.ones((2, 3)), np.ones(3)], [np.ones((2, 3)), -np.ones(3)])
    check(
        type(new) is list and len(new) == 2,
        "step should return a list with one array for each parameter",
    )
    check(np.shape(new[0]) == (2, 3), "the first new value should have shape (2, 3)")
    check(np.shape(new[1]) == (3,), "the second new value should have shape (3,)")
    ### BEGIN HIDDEN TESTS
    # Whatever a step is worth: together, parameters move as each does with an optimizer
    # of its own.
    rng = np.random.default_rng(51)
    shapes = (2, 3), (2, 3), (4,), (3, 2)
    starts = [rng.normal(size=shape) for shape in shapes]
    gradients = [[10.0**i * rng.normal(size=s) for i, s in enumerate(shapes)]]
    for _ in range(4):
        gradients.append([rng.normal(size=shape) for shape in shapes])
    for settings in ({"lr": 0.1, "betas": (0.7, 0.9)}, {"lr": 0.02}):
        together, alone = Adam(**settings), [Adam(**settings) for _ in shapes]
        xs, expected = starts, starts
        for t, gs in enumerate(gradients, start=1):
            xs = together.step([x.copy() for x in xs], [g.copy() for g in gs])
            check(
                type(xs) is list and len(xs) == len(shapes),
                "step should return a list with one array for each parameter",
            )
            expected = [
                optimizer.step([x.copy()], [g.copy()])[0]
                for optimizer, x, g in zip(alone, expected, gs, strict=True)
            ]
            for i in range(len(shapes)):
                check_form(f"parameter {i}, alone,", expected[i], shape=shapes[i])
                name = f"step {t}: parameter {i} of {len(shapes)}, moved with others,"
                check_array(name, xs[i], expected[i], rtol=1e-8, atol=1e-12)
        for start, x in zip(starts, xs, strict=True):
            check(not np.array_equal(start, x), "a parameter has not moved")
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_adam_settings", "points": 1}
with checking("Adam's settings"):
    # Without the correction: the worked example, or what your functions make of it.
    optimizer = Adam(lr=0.1, bias_correction=False)
    new = optimizer.step([np.array([1.0])], [np.array([2.0])])
    check_form("the new x", new[0], shape=(1,))
    expected = np.array([1 - 0.1 * 0.2 / np.sqrt(0.004)])
    if not np.allclose(new[0], expected, rtol=1e-5):
        m, v = update_moments(np.zeros(1), np.zeros(1), np.array([2.0]), (0.9, 0.999))
        expected = move(np.array([1.0]), m, v, 0.1, 1e-8)
    check_array("the new x", new[0], expected, rtol=1e-5)

    ### BEGIN HIDDEN TESTS
    def path_of(optimizer, x, gs):
        path = []
        for g in gs:
            x = optimizer.step([x.copy()], [g.copy()])[0]
            check_form("the new x", x, shape=(3,))
            path.append(x)
        return np.array(path)

    def uncorrected(x, gs, lr, betas, eps, moments, step):
        m, v, path = 0 * x, 0 * x, []
        for g in gs:
            m, v = moments(m.copy(), v.copy(), g.copy(), betas)
            x = step(x.copy(), m.copy(), v.copy(), lr, eps)
            path.append(x)
        return np.array(path)

    def right_moments(m, v, g, betas):
        b1, b2 = betas
        return b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2

    def right_step(x, m, v, lr, eps):
        return x - lr * m / (v**0.5 + eps)

    rng = np.random.default_rng(52)
    x, gs = rng.normal(size=3), [rng.normal(size=3) for _ in range(4)]
    settings = {"lr": 0.04, "betas": (0.8, 0.9), "eps": 1e-2}
    path = path_of(Adam(**settings, bias_correction=False), x, gs)
    expected = uncorrected(x, gs, *settings.values(), right_moments, right_step)
    try:
        yours = uncorrected(x, gs, *settings.values(), update_moments, move)
        if np.allclose(path, yours, rtol=1e-8, atol=1e-10):
            expected = yours
    except Exception:
        pass
    check_array("the path without correction", path, expected, rtol=1e-8, atol=1e-10)
    # What is not said is 1e-3, (0.9, 0.999), 1e-8 and True. Gradients as small as ε
    # show whether it is.
    gs = [1e-8 * g for g in gs]
    said = Adam(lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True)
    expected = path_of(said, x, gs)
    path = path_of(Adam(), x, gs)
    check_array("the path with default settings", path, expected, rtol=1e-9)
    positional = path_of(Adam(1e-3, (0.9, 0.999), 1e-8, True), x, gs)
    check_array("the path with settings by position", positional, expected, rtol=1e-9)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_float32", "points": 1}
with checking("float32 stays float32"):
    m, v, g, x = (np.full(3, value, np.float32) for value in (0.1, 0.2, 0.3, 0.4))
    new_m, new_v = update_moments(m.copy(), v.copy(), g.copy(), (0.9, 0.999))
    check_form("m", new_m, shape=(3,), dtype=np.float32)
    check_form("v", new_v, shape=(3,), dtype=np.float32)
    ### BEGIN HIDDEN TESTS
    m_hat, v_hat = correct_bias(m.copy(), v.copy(), 2, (0.9, 0.999))
    check_form("m_hat", m_hat, shape=(3,), dtype=np.float32)
    check_form("v_hat", v_hat, shape=(3,), dtype=np.float32)
    new = move(x.copy(), m.copy(), v.copy(), 0.1, 1e-8)
    check_form("the new x", new, shape=(3,), dtype=np.float32)
    for correct in (True, False):
        optimizer, xs = Adam(lr=0.1, bias_correction=correct), [x.copy(), m.copy()]
        for t in (1, 2):
            xs = optimizer.step(xs, [g.copy(), v.copy()])
            for new in xs:
                name = f"Adam's new value after step {t}"
                check_form(name, new, shape=(3,), dtype=np.float32)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_unchanged", "points": 1}
with checking("what belongs to the caller stays as it is"):
    g = np.array([1.0, -2.0])
    before = g.copy()
    update_moments(np.zeros(2), np.zeros(2), g, (0.9, 0.999))
    check_unchanged("g", before, g)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(53)

    def check_all_unchanged(where, names, arrays, call):
        copies = [a.copy() for a in arrays]
        call(*arrays)
        for name, before, after in zip(names, copies, arrays, strict=True):
            check_unchanged(f"{where}: {name}", before, after)

    m, g, x = rng.normal(size=(3, 2, 2))
    v = rng.uniform(1, 2, (2, 2))
    betas = 0.8, 0.9
    check_all_unchanged(
        "update_moments", "mvg", [m, v, g], lambda *a: update_moments(*a, betas)
    )
    check_all_unchanged(
        "correct_bias", "mv", [m, v], lambda *a: correct_bias(*a, 2, betas)
    )
    check_all_unchanged(
        "move", ("x", "m_hat", "v_hat"), [x, m, v], lambda *a: move(*a, 0.1, 1e-8)
    )
    for correct in (True, False):
        optimizer = Adam(lr=0.1, betas=betas, bias_correction=correct)
        given = []  # all that the optimizer has been given or has returned
        xs = [x.copy(), x[0].copy()]
        for t in (1, 2, 3):
            gs = [rng.normal(size=(2, 2)), rng.normal(size=2)]
            lists = list(xs), list(gs)
            given += [(a, a.copy()) for a in (*xs, *gs)]
            new = optimizer.step(xs, gs)
            for now, then in ((xs, lists[0]), (gs, lists[1])):
                same = len(now) == len(then) and all(
                    map(lambda a, b: a is b, now, then)
                )
                check(same, "Adam.step: a list of the caller's was changed")
            xs = new
            for array, copy in given:
                check_unchanged(f"step {t}: an array of the caller's", copy, array)
        for array, copy in given:
            check_unchanged("an array that an earlier step returned", copy, array)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. On real digits
#
# Here are 1,797 handwritten digits, and a network with one hidden layer. `new_network`
# draws its initial weights, and `train` takes so many steps with your optimizer, each
# on 64 digits drawn at random. The same `seed` draws the same numbers each time.
#
# In the chapter:
# [Experiment 4, the answer](https://backprop-to-backbones.github.io/course/optimization/adaptive_methods.html#experiment-4-the-answer).

# %% nbgrader={"grade_id": "digits"}
images, labels = load_digits()
images = images.reshape(len(images), -1)


def new_network(seed):
    """A network for the digits with fresh weights, the same for the same seed."""
    rng = np.random.default_rng(seed)
    return Sequential(Dense(64, 32, rng=rng), ReLU(), Dense(32, 10, rng=rng))


def train(network, optimizer, steps, seed):
    """Train a network, and return the loss of every step's batch as an array."""
    rng = np.random.default_rng(seed)
    parameters = network.parameters()
    losses = []
    for _ in range(steps):
        batch = rng.choice(len(images), 64, replace=False)
        loss = apply(cross_entropy, network(images[batch]), labels=labels[batch])
        gradients = backpropagate(loss)
        xs, gs = [p.value for p in parameters], [gradients[p] for p in parameters]
        for parameter, x in zip(parameters, optimizer.step(xs, gs), strict=True):
            parameter.value[...] = x
        losses.append(loss.value)
    return np.array(losses)


# %% [markdown]
# Write an experiment that compares Adam with and without the correction. A comparison
# is fair if *only* what is compared differs. What else must be the same, and what must
# be made anew for each run?


# %% nbgrader={"grade_id": "compare", "solution": true}
def compare(lr, steps, seed):
    """Train twice, with and without bias correction, alike in all else.

    Args:
        lr: the learning rate; Adam's other settings are the default.
        steps: the number of steps of each run.
        seed: for the initial weights and for the batches, in both runs.

    Returns:
        Two arrays of shape (steps,): the losses with, and those without correction.
    """
    ### BEGIN SOLUTION
    runs = [
        train(new_network(seed), Adam(lr=lr, bias_correction=correct), steps, seed)
        for correct in (True, False)
    ]
    return runs[0], runs[1]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_compare", "points": 2}
with checking("the comparison"):
    losses = compare(0.003, 1, seed=1)
    check(
        type(losses) in (tuple, list) and len(losses) == 2,
        "compare should return two arrays of losses",
    )
    for name, values in zip(("with", "without"), losses, strict=True):
        check_form(f"the loss {name} correction", values, shape=(1,))
    ### BEGIN HIDDEN TESTS
    # Held to runs with your own Adam: whether it is right has been asked above.
    for lr, steps, seed in ((0.02, 9, 4), (0.005, 6, 11)):
        losses = compare(lr, steps, seed)
        for name, values in zip(("with", "without"), losses, strict=True):
            optimizer = Adam(lr=lr, bias_correction=name == "with")
            expected = train(new_network(seed), optimizer, steps, seed)
            check(np.isfinite(expected).all(), "with your Adam, the loss is not finite")
            what = f"the loss {name} correction"
            check_array(what, values, expected, rtol=1e-6)
    ### END HIDDEN TESTS

# %% [markdown]
# The next cell runs your experiment at a low and at a high learning rate, with three
# seeds each. Before you run it: which curve do you expect to be lower, on the left and
# on the right?

# %% nbgrader={"grade_id": "figure"}
from course_lib.figures import COLORS, show, subplots

figure, panels = subplots(1, 2, size=(6.0, 3.0), sharey=True)
for axes, lr in zip(panels, (0.003, 0.05), strict=True):
    runs = np.array([compare(lr, 60, seed) for seed in range(3)])
    for k, (name, color, style) in enumerate(
        (("with correction", "blue", "-"), ("without", "orange", "--"))
    ):
        axes.semilogy(runs[:, k].T, style, color=COLORS[color], linewidth=1)
        axes.plot([], style, color=COLORS[color], label=name)
        last = runs[:, k, -10:].mean(axis=1)
        print(f"η = {lr}, {name}: last ten losses {np.round(last, 2)}")
    axes.set(title=f"η = {lr}", xlabel="step")
panels[0].set(ylabel="loss of the batch", ylim=(0.01, None))
panels[0].legend(loc="lower left")
show(
    figure,
    "The loss of six runs at each of two learning rates. At the low rate the runs "
    "without correction fall faster; at the high rate they first rise and stay far "
    "above the others.",
)

# %% [markdown]
# ## 7. Read your figure
#
# In two or three sentences each:
#
# 1. At the low rate, one of the two learns faster. Which, and why is that no argument
#    for it? Name a change to the other one that would have a similar effect.
# 2. What happens in the first steps at the high rate, and how does the number from the
#    worked example explain it?

# %% [markdown] nbgrader={"grade_id": "reading", "solution": true, "points": 2}
# ### BEGIN SOLUTION
# 1. The run without correction is faster. Its first steps are 3 to 6.6 times too long,
#    and 0.003 was chosen so low that longer steps help. That is an accident of the
#    rate, not a merit of the rule: Adam with the correction and a rate some three to
#    six times as high does the same, in every step and on purpose.
# 2. Without correction the loss rises at first, and at the end it is still far above
#    the other run's. The corrected rule trains well at this rate. Without it the first
#    step is 3.16 times as long, and the next ones up to 6.6 times: the weights are
#    thrown far off before the averages have warmed up.
#
# **Rubric** (2 points)
#
# - 1 point: "without" is faster at the low rate; it is an effect of longer steps, that
#   is of a higher rate in disguise; raising η in the corrected rule does it too. Half a
#   point if the alternative is missing.
# - 1 point: the loss rises (or jumps) at first; the reason is the factor of about 3 (up
#   to 6.6), by which the first steps are too long for this rate.
# ### END SOLUTION

# %% [markdown]
# **Before you hand it in:** restart the kernel, run all cells, and look for a check
# that does not say "passed".
