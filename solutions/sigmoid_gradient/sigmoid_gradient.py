# %% [markdown]
# # The sigmoid gradient
#
# A neuron looks at two numbers and answers 0.73. You would like it to answer a little
# more. Which of its three weights should change, in which direction, and how much does
# each one matter? The gradient says so, and you can find it with nothing but the rule
# for one node at a time.
#
# Then you do what every library does: you put the whole sigmoid into *one* node, with a
# derivative that needs no exponential at all. At the end you make it safe for inputs at
# which the first version breaks down.
#
# You need the chapter
# [Computational graphs](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html),
# about 45 minutes, and for the derivation a pencil.
#
# **How it works.** Fill the cells that say `YOUR CODE HERE` or `YOUR ANSWER HERE`. The
# cell below each task checks your answer and says what is wrong with it. Passing these
# checks is a good sign, but no proof: grading tries other inputs. At the end, restart
# the kernel and run all cells. The tasks do not build on each other: if you are stuck,
# go on.

# %% nbgrader={"grade_id": "setup"}
import numpy as np

from course_grader.checks import (
    check,
    check_array,
    check_operation,
    check_quiet,
    check_unchanged,
    checking,
)
from course_grader.withhold import withhold
from course_lib.graph import Node, apply, backpropagate

# What you are asked to write can't be imported in this notebook.
withhold(
    "course_lib.operations.activations.sigmoid",
    "course_lib.operations.recurrence.gate",
    "course_lib.layers.Sigmoid",
    "scipy.special.expit",
    "torch",
    because="sigmoid_gradient",
)

# %% [markdown]
# ## A worked example
#
# Take $y = 1/(a + b)$ with $a = 1$ and $b = 3$. It has two nodes: $s = a + b$, then
# $y = 1/s$.
#
# *Forward*, from the inputs to the output: $s = 4$ and $y = 1/4$.
#
# *Backward*, from the output to the inputs. Write `dy` for the gradient that arrives at
# $y$; here it is 2, say, because something behind $y$ doubles it. Each node multiplies
# what arrives by its own derivative:
#
# - $y = 1/s$ has the derivative $-1/s^2$, so `ds = dy * (-1 / s**2)` $= -2/16$.
# - $s = a + b$ has the derivative 1 for both inputs, so it copies: `da = ds` and `db =
#   ds`.
#
# Notice that the backward pass uses `s`, a value of the forward pass. The cell below
# runs this, and asks the definition of a derivative whether it is right: move $a$ by a
# little, and see how far $2y$ moves.

# %%
a, b, dy = 1.0, 3.0, 2.0
s = a + b
y = 1 / s

ds = dy * (-1 / s**2)
da, db = ds, ds

h = 1e-6
moved = (2 / (a + h + b) - 2 / (a - h + b)) / (2 * h)
print(f"by the rules {da:.6f}, by moving a {moved:.6f}")

# %% [markdown]
# ## 1. The neuron, forward
#
# The neuron adds up its weighted inputs, and squeezes the sum into the range from 0 to
# 1:
#
# $$y = \sigma(w_0 x_0 + w_1 x_1 + w_2), \qquad \sigma(z) = \frac{1}{1 + e^{-z}}.$$
#
# Cut $\sigma$ into four nodes, each with a derivative that you know by heart:
#
# | node | value |
# |---|---|
# | weighted sum | $z = w_0 x_0 + w_1 x_1 + w_2$ |
# | change of sign | $n = -z$ |
# | exponential | $e = e^n$ |
# | add one | $d = 1 + e$ |
# | reciprocal | $y = 1/d$ |
#
# Write the forward pass. The weight $w_2$ has no input beside it: it is the bias.
#
# In the chapter:
# [A neuron](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html#a-neuron).


# %% nbgrader={"grade_id": "neuron_forward", "solution": true}
def neuron_forward(w, x):
    """The values of all nodes of the sigmoid neuron.

    Args:
        w: array of the three weights; the last one is the bias.
        x: array of the two inputs. Both arrays stay as they are.

    Returns:
        Five numbers: z, n, e, d, y.
    """
    ### BEGIN SOLUTION
    z = w[0] * x[0] + w[1] * x[1] + w[2]
    n = -z
    e = np.exp(n)
    d = 1 + e
    y = 1 / d
    return z, n, e, d, y
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_neuron_forward", "points": 2}
with checking("the neuron, forward"):
    # The chapter's example, which you can do with a pencil: z is 1.
    values = neuron_forward(np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0]))
    check(
        type(values) is tuple and len(values) == 5,
        "neuron_forward should end in `return z, n, e, d, y`",
    )
    e = np.exp(-1.0)
    expected = 1.0, -1.0, e, 1 + e, 1 / (1 + e)
    for name, value, right in zip("znedy", values, expected, strict=True):
        check_array(name, value, right)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(20)
    for kind in (float, float, int):
        w = (3 * rng.normal(size=3)).astype(kind)
        x = (3 * rng.normal(size=2)).astype(kind)
        z = float(np.append(x, 1) @ w)
        e = np.exp(-z)
        expected = z, -z, e, 1 + e, 1 / (1 + e)
        w_before, x_before = w.copy(), x.copy()
        values = neuron_forward(w, x)
        for name, value, right in zip("znedy", values, expected, strict=True):
            check_array(name, value, right, atol=1e-12)
        check_unchanged("w", w_before, w)
        check_unchanged("x", x_before, x)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 2. The neuron, backward
#
# Now go back through the four nodes of $\sigma$. The gradient `dy` arrives at $y$; it
# is 1 if $y$ is all you care about, and something else if more nodes follow. Find `dd`,
# then `de`, `dn` and `dz`: each is what arrived, times the derivative of one node. The
# values `e` and `d` of the forward pass are all you need.
#
# In the chapter:
# [Three rules, and the sum](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html#three-rules-and-the-sum).


# %% nbgrader={"grade_id": "chain_backward", "solution": true}
def chain_backward(e, d, dy):
    """The gradients on the way back from y to z, node by node.

    Args:
        e, d: values of the forward pass: e = exp(-z) and d = 1 + e.
        dy: the gradient that arrives at y = 1/d.

    Returns:
        Four numbers: dd, de, dn, dz.
    """
    ### BEGIN SOLUTION
    dd = dy * (-1 / d**2)
    de = dd
    dn = de * e
    dz = -dn
    return dd, de, dn, dz
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_chain_backward", "points": 2}
with checking("back through the four nodes"):
    e = np.exp(-1.0)
    gradients = chain_backward(e, 1 + e, 1.0)
    check(
        type(gradients) is tuple and len(gradients) == 4,
        "chain_backward should end in `return dd, de, dn, dz`",
    )
    # By the definition: y as a function of d, of e, of n, of z, on both sides of the
    # place where z = 1.
    names = "dd", "de", "dn", "dz"
    places = 1 + e, e, -1.0, 1.0
    functions = (
        lambda d: 1 / d,
        lambda e: 1 / (1 + e),
        lambda n: 1 / (1 + np.exp(n)),
        lambda z: 1 / (1 + np.exp(-z)),
    )
    h = 1e-6
    for name, value, y, x in zip(names, gradients, functions, places, strict=True):
        check_array(name, value, (y(x + h) - y(x - h)) / (2 * h), rtol=1e-6)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(21)
    for z, dy in zip(rng.uniform(-4, 4, 4), [-2.5, 0.3, 7.0, -1.0], strict=True):
        e = np.exp(-z)
        dd = -dy / (1 + e) ** 2
        expected = dd, dd, dd * e, -dd * e
        gradients = chain_backward(e, 1 + e, dy)
        for name, value, right in zip(names, gradients, expected, strict=True):
            check_array(name, value, right)
    ### END HIDDEN TESTS

# %% [markdown]
# What is left is the weighted sum $z = w_0 x_0 + w_1 x_1 + w_2$. A product hands each
# factor what arrived, times the *other* factor. A sum copies.


# %% nbgrader={"grade_id": "sum_backward", "solution": true}
def sum_backward(w, x, dz):
    """The gradients of the weights and the inputs.

    Args:
        w: array of the three weights; the last one is the bias.
        x: array of the two inputs. Both arrays stay as they are.
        dz: the gradient that arrives at z, a number.

    Returns:
        dw, dx: arrays of floating-point numbers, of the shapes of w and x.
    """
    ### BEGIN SOLUTION
    dw = dz * np.array([x[0], x[1], 1.0])
    dx = dz * w[:2]
    return dw, dx
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sum_backward", "points": 2}
with checking("back through the weighted sum"):
    w, x = np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0])
    y = 1 / (1 + np.exp(-1.0))
    dz = y * (1 - y)
    gradients = sum_backward(w, x, dz)
    check(
        type(gradients) is tuple and len(gradients) == 2,
        "sum_backward should end in `return dw, dx`",
    )
    check_array("dw", gradients[0], [-dz, -2 * dz, dz])
    check_array("dx", gradients[1], [2 * dz, -3 * dz])
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(22)
    for kind, dz in ((float, -1.7), (float, 0.4), (int, 0.25)):
        w = (5 * rng.normal(size=3)).astype(kind)
        x = (5 * rng.normal(size=2)).astype(kind)
        dw, dx = dz * np.append(x, 1), dz * w[:2]
        w_before, x_before = w.copy(), x.copy()
        gradients = sum_backward(w, x, dz)
        check_array("dw", gradients[0], dw)
        check_array("dx", gradients[1], dx)
        check_unchanged("w", w_before, w)
        check_unchanged("x", x_before, x)
    ### END HIDDEN TESTS

# %% [markdown]
# Put together, your three functions answer the question from the start. Each entry of
# `dw` says how much $y$ rises if that weight rises by 1, as long as the change is
# small.

# %%
w, x = np.array([2.0, -3.0, -3.0]), np.array([-1.0, -2.0])
z, n, e, d, y = neuron_forward(w, x)
dd, de, dn, dz = chain_backward(e, d, 1.0)
dw, dx = sum_backward(w, x, dz)
print(f"y = {y:.4f}, dw = {np.round(dw, 4)}, dx = {np.round(dx, 4)}")

better = w + 0.1 * dw
print(f"after a small step along dw: y = {neuron_forward(better, x)[-1]:.4f}")

# %% [markdown]
# ## 3. The derivative of σ, on paper
#
# Four nodes can become one, if you know the derivative of the whole. The chapter finds
# it by multiplying four local derivatives. A formula that you are going to rely on
# deserves a second way, and this one is shorter.
#
# 1. For $y = \sigma(z)$ you can write $y\,(1 + e^{-z}) = 1$. Differentiate both sides
#    with respect to $z$, solve for $\frac{dy}{dz}$, and replace what is left of the
#    exponential, until
#    $$\frac{dy}{dz} = y\,(1 - y).$$
# 2. The hyperbolic tangent is a stretched sigmoid: $\tanh z = 2\,\sigma(2z) - 1$. Find
#    its derivative from that of $\sigma$, and write it with $t = \tanh z$ alone.
# 3. In a sentence each: where is $\frac{d\sigma}{dz}$ largest, and how large is it
#    there? Which values of the forward pass does a backward pass need that uses your
#    formula?
#
# Write every step, so that a classmate can follow it. (Formulas go between dollar
# signs: `$\sigma(z) = \frac{1}{1 + e^{-z}}$`.)

# %% [markdown] nbgrader={"grade_id": "derivation", "solution": true, "points": 3}
# ### BEGIN SOLUTION
# 1. The right side is constant. The left side is a product, so
#    $$\frac{dy}{dz}\,(1 + e^{-z}) + y \cdot (-e^{-z}) = 0, \qquad
#    \frac{dy}{dz} = \frac{y\,e^{-z}}{1 + e^{-z}} = y^2\,e^{-z},$$
#    where the last step uses $\frac{1}{1 + e^{-z}} = y$. The equation from the start
#    also says $e^{-z} = \frac1y - 1 = \frac{1 - y}{y}$. Hence
#    $$\frac{dy}{dz} = y^2 \cdot \frac{1 - y}{y} = y\,(1 - y).$$
# 2. Let $s = \sigma(2z)$, so that $t = 2s - 1$. By the chain rule the inner $2z$ gives
#    a factor 2: $\frac{dt}{dz} = 2 \cdot s\,(1 - s) \cdot 2 = 4\,s\,(1 - s)$. With
#    $s = \frac{1 + t}{2}$ and $1 - s = \frac{1 - t}{2}$,
#    $$\frac{dt}{dz} = (1 + t)(1 - t) = 1 - t^2.$$
# 3. The product $y\,(1 - y)$ is largest at $y = \frac12$, that is at $z = 0$; it is
#    $\frac14$ there. The backward pass needs the value $y$ alone: neither $z$ nor
#    another exponential.
#
# **Rubric** (3 points)
#
# - 1 point: both sides differentiated, with the product rule and the sign of the inner
#   derivative; the exponential replaced with its reason. Half a point if a step is only
#   claimed, or if the chapter's product of four derivatives is given instead.
# - 1 point: $1 - t^2$, with the factor 2 of the inner function and the step from $s$ to
#   $t$. Half a point if one of the two is missing.
# - 1 point, half for each: the maximum $\frac14$ at $z = 0$; only $y$ is needed.
# ### END SOLUTION

# %% [markdown]
# ## 4. One node
#
# A node of this course's library is a plain function. It returns its value and a
# function `backward`, which turns `dy`, the gradient that arrives, into the gradient of
# the input. Here is the reciprocal from the worked example as such a node. `backward`
# can use whatever is known in the function around it:
#
# In the chapter:
# [Nodes of any size](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html#nodes-of-any-size).


# %%
def reciprocal(s):
    y = 1 / s

    def backward(dy):
        return dy * (-(y**2))

    return y, backward


y, backward = reciprocal(np.array([1.0, 2.0, 4.0]))
print("value", y, "gradient", backward(np.array([1.0, 1.0, 2.0])))

# %% [markdown]
# Write $\sigma$ as one node. It takes an array of any shape and treats each entry
# alone, so `dy` and the gradient have that shape too.


# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """The sigmoid of every entry, y = 1/(1 + exp(-z)), and its backward.

    Args:
        z: array of any shape, of floats or integers, between -30 and 30. It stays as
            it is. A float32 array has a float32 value.

    Returns:
        y: the value, of the shape of z.
        backward: turns dy, of the shape of y, into dz. It may be called more than once,
            and later, after `sigmoid` was used for something else; dy stays as it is.
    """
    ### BEGIN SOLUTION
    y = 1 / (1 + np.exp(-z))

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_sigmoid_value", "points": 1}
with checking("the value of σ"):
    z = np.array([-2.0, 0.0, 1.0])
    y, backward = check_operation("sigmoid", sigmoid(z.copy()))
    check_array("y", y, 1 / (1 + np.exp(-z)), rtol=1e-10)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(40)
    inputs = {
        "a 2-D z": rng.uniform(-8, 8, (3, 4)),
        "a 3-D z": rng.uniform(-8, 8, (2, 1, 3)),
        "a z of shape ()": np.array(1.5),
        "a z of integers": np.array([[-3, 0], [1, 2], [4, -1]]),
    }
    for name, z in inputs.items():
        expected = 1 / (1 + np.exp(-z.astype(float)))
        y, backward = check_operation("sigmoid", sigmoid(z.copy()))
        check_array(f"y, for {name},", y, expected, rtol=1e-10, atol=1e-15)
    z = rng.uniform(-8, 8, 5).astype(np.float32)
    expected = 1 / (1 + np.exp(-z.astype(float)))
    y, backward = check_operation("sigmoid", sigmoid(z.copy()))
    check_array("y, for z in float32,", y, expected, rtol=1e-4, dtype=np.float32)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_sigmoid_gradient", "points": 2}
with checking("the gradient of σ"):
    z, h = np.array([-2.0, 0.0, 1.0]), 1e-6
    y, backward = check_operation("sigmoid", sigmoid(z.copy()))
    rise = 1 / (1 + np.exp(-z - h)) - 1 / (1 + np.exp(-z + h))
    check_array("dz", backward(np.ones(3)), rise / (2 * h), rtol=1e-6)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(41)
    for shape in ((3, 4), (5,), (2, 3, 1), ()):
        z, dy = rng.uniform(-6, 6, shape), rng.normal(size=shape)
        s = 1 / (1 + np.exp(-z))
        y, backward = check_operation("sigmoid", sigmoid(np.array(z)))
        dz = backward(np.array(dy))
        # Closer than differences of σ can come.
        check_array("dz", dz, dy * s * (1 - s), rtol=1e-11, atol=1e-14)
    z, dy = np.array([[-2, 0, 1], [3, -1, 2]]), rng.normal(size=(2, 3))
    s = 1 / (1 + np.exp(-z.astype(float)))
    y, backward = check_operation("sigmoid", sigmoid(z.copy()))
    dz = backward(dy.copy())
    check_array("dz, for z of integers,", dz, dy * s * (1 - s), rtol=1e-9, atol=1e-14)
    # A diamond: z reaches the loss through σ(z) and directly, σ(z) is used twice.
    z, c = rng.uniform(-3, 3, (4, 2)), rng.normal(size=(4, 2))
    s = 1 / (1 + np.exp(-z))
    node = Node(z.copy())
    a = apply(lambda values: sigmoid(values.copy()), node)
    dz = backpropagate((c * a * a * node).sum(), [node])[node]
    expected = c * (2 * s * s * (1 - s) * z + s * s)
    check_array("the gradient of Σ c·σ(z)²·z", dz, expected, rtol=1e-9, atol=1e-14)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_sigmoid_used_twice", "points": 1}
with checking("one node, used twice"):
    z = np.array([-1.0, 0.5, 2.0, 3.0])
    before = z.copy()
    y, backward = check_operation("sigmoid", sigmoid(z))
    check_unchanged("z", before, z)
    ### BEGIN HIDDEN TESTS
    # Whatever the gradient is worth, it must not depend on what happens in between.
    rng = np.random.default_rng(42)
    z1, z2, dy1, dy2 = rng.uniform(-3, 3, (4, 6))

    def alone(z, dy):
        y, backward = check_operation("sigmoid", sigmoid(z.copy()))
        return np.array(y), np.array(backward(dy.copy()))

    y1, right1 = alone(z1, dy1)
    y2, right2 = alone(z2, dy2)
    check(
        not np.array_equal(right1 * dy2, right2 * dy1),
        "dz is the same for different z",
    )
    first, backward1 = check_operation("sigmoid", sigmoid(z1.copy()))
    second, backward2 = check_operation("sigmoid", sigmoid(z2.copy()))
    check_array("y of the first use, after a second one,", first, y1)
    check_array("y of the second use", second, y2)
    dy, before = dy1.copy(), dy1.copy()
    dz1 = backward1(dy)
    check_unchanged("dy", before, dy)
    check_array("dz of the first use, asked for after the second use,", dz1, right1)
    check_array("dz of the second use", backward2(dy2.copy()), right2)
    check_array("dz when backward is called again", backward1(dy1.copy()), right1)
    backward1(dy2.copy())
    check_array("an earlier dz, after another call of backward,", dz1, right1)
    ### END HIDDEN TESTS

# %% [markdown]
# ## 5. Your node in a graph
#
# Now the work pays off. `apply(sigmoid, z)` puts your node into a graph, and
# `backpropagate` finds every gradient, however the node is used. In the example below,
# `x` is used twice, so its gradient is a sum over two paths; the graph sees to it.
#
# In the chapter:
# [Nodes that carry matrices](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html#nodes-that-carry-matrices).

# %%
x = Node(np.array([[1.0, 2.0], [3.0, 4.0]]))
w = Node(np.array([[2.0], [-1.0]]))
y = (x @ w) * (x @ w) + x @ w  # every operation makes a node
gradients = backpropagate(y, [x, w], gradient=np.ones((2, 1)))
print("value", y.value.ravel(), "gradient of w", gradients[w].ravel())

# %% [markdown]
# Many recent networks use a *gated* layer: each output decides by itself how much of it
# passes (Ramachandran and others, 2017). For a batch of inputs, one in each row of $X$,
#
# $$Z = XW + b, \qquad Y = Z \cdot \sigma(Z) \quad \text{(entry by entry)}.$$
#
# So $Z$ is used twice, a diamond. Build it from nodes. The gate's activation is passed
# in: your `sigmoid`, or any other operation of that kind.


# %% nbgrader={"grade_id": "gated_layer", "solution": true}
def gated_layer(activation, x, w, b, dy):
    """The gated layer y = z · activation(z) with z = x @ w + b, and its gradients.

    Args:
        activation: an operation of one array, such as your `sigmoid`: for an array it
            returns its value and its backward.
        x: inputs, array of shape (N, in).
        w: weights, array of shape (in, out).
        b: biases, array of shape (out,).
        dy: the gradient that arrives at y, array of shape (N, out).

    Returns:
        y, dx, dw, db: arrays; y has shape (N, out), the gradients those of x, w, b.
    """
    ### BEGIN SOLUTION
    x, w, b = Node(x), Node(w), Node(b)
    z = x @ w + b
    y = z * apply(activation, z)
    gradients = backpropagate(y, [x, w, b], gradient=dy)
    return y.value, gradients[x], gradients[w], gradients[b]
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_gated_value", "points": 1}
with checking("the gated layer's value"):

    def half_square(z):
        """An activation for the checks: z²/2, with the derivative z."""
        return z**2 / 2, lambda dy: dy * z

    x, w = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 1.0]])
    b, dy = np.array([0.0, 1.0, 2.0]), np.ones((1, 3))
    results = gated_layer(half_square, x, w, b, dy)
    check(
        type(results) is tuple and len(results) == 4,
        "gated_layer should return four arrays: y, dx, dw, db",
    )
    z = x @ w + b
    check_array("y", results[0], z**3 / 2)
    ### BEGIN HIDDEN TESTS

    def cube(z):
        return z**3, lambda dy: 3 * dy * z**2

    def squeeze(z):
        return z / (1 + z**2), lambda dy: dy * (1 - z**2) / (1 + z**2) ** 2

    rng = np.random.default_rng(50)
    x, w = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    b, dy = rng.normal(size=2), rng.normal(size=(4, 2))
    z = x @ w + b
    for activation, expected in ((cube, z**4), (squeeze, z**2 / (1 + z**2))):
        results = gated_layer(activation, x.copy(), w.copy(), b.copy(), dy.copy())
        check_array("y", results[0], expected)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_gated_gradients", "points": 2}
with checking("the gated layer's gradients"):

    def half_square(z):
        """An activation for the checks: z²/2, with the derivative z."""
        return z**2 / 2, lambda dy: dy * z

    x, w = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0, -1.0], [0.5, 1.0, 1.0]])
    b, dy = np.array([0.0, 1.0, 2.0]), np.ones((1, 3))
    results = gated_layer(half_square, x, w, b, dy)
    check(
        type(results) is tuple and len(results) == 4,
        "gated_layer should return four arrays: y, dx, dw, db",
    )
    dz = 3 * (x @ w + b) ** 2 / 2  # the derivative of z³/2
    check_array("dx", results[1], dz @ w.T)
    check_array("dw", results[2], x.T @ dz)
    check_array("db", results[3], dz[0])
    ### BEGIN HIDDEN TESTS

    def cube(z):
        return z**3, lambda dy: 3 * dy * z**2

    def squeeze(z):
        return z / (1 + z**2), lambda dy: dy * (1 - z**2) / (1 + z**2) ** 2

    rng = np.random.default_rng(51)
    x, w = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    b, dy = rng.normal(size=2), rng.normal(size=(4, 2))
    z = x @ w + b
    slopes = {cube: 4 * z**3, squeeze: 2 * z / (1 + z**2) ** 2}
    for activation, slope in slopes.items():
        dz = dy * slope
        inputs = x.copy(), w.copy(), b.copy(), dy.copy()
        results = gated_layer(activation, *inputs)
        check_array("dx", results[1], dz @ w.T, rtol=1e-9, atol=1e-12)
        check_array("dw", results[2], x.T @ dz, rtol=1e-9, atol=1e-12)
        check_array("db", results[3], dz.sum(axis=0), rtol=1e-9, atol=1e-12)
        for name, before, after in zip("xwb", (x, w, b), inputs, strict=False):
            check_unchanged(name, before, after)
        check_unchanged("dy", dy, inputs[3])
    ### END HIDDEN TESTS

# %% [markdown]
# ## 6. Safe at ±1000
#
# $e^{1000}$ is too large for a floating-point number: NumPy says `overflow encountered
# in exp` and goes on with `inf`. Written as $1/(1 + e^{-z})$, the sigmoid meets this
# for very negative $z$. The value happens to survive, as $1/\infty = 0$. But other ways
# of writing it give `nan`, a warning on every batch hides the one that matters, and
# near $z = -720$ the value should be tiny, not 0.
#
# Multiply numerator and denominator by the same factor, and you have a second formula:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{1 + e^z}.$$
#
# One of them is safe for each sign of $z$. Write a version of your node that
#
# - never overflows, so that NumPy has nothing to warn of (switching warnings off is not
#   the point: the numbers have to be right);
# - keeps its *relative* accuracy for very negative $z$, in value and gradient. There
#   $\sigma(z)$ is almost $e^z$, and your value should agree with it to nine digits,
#   down to the smallest numbers that a float can hold. Clipping $z$ does not do that,
#   and neither does a formula in which nearly equal numbers are subtracted.
#
# Beware of `np.where(condition, a, b)`: Python computes `a` and `b` completely, for all
# entries, before `where` picks from them.
#
# In the chapter:
# [Nodes of any size](https://backprop-to-backbones.github.io/course/graphs/computational_graphs.html#nodes-of-any-size).


# %% nbgrader={"grade_id": "safe_sigmoid", "solution": true}
def safe_sigmoid(z):
    """The sigmoid of every entry, for z of any size, and its backward.

    Args:
        z: array of any shape, of floats or integers. It stays as it is. A float32 array
            has a float32 value.

    Returns:
        y: the value, of the shape of z.
        backward: turns dy, of the shape of y, into dz. The same holds for it as above.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # the exponential of a number that is never positive
    y = np.where(z >= 0, 1, e) / (1 + e)

    def backward(dy):
        return dy * y * (1 - y)

    return y, backward
    ### END SOLUTION


# %% nbgrader={"grade_id": "test_safe_quiet", "points": 1}
with checking("no warning at ±1000"):
    z = np.array([-1000.0, 0.0, 1000.0])
    result = check_quiet("safe_sigmoid", safe_sigmoid, z)
    y, backward = check_operation("safe_sigmoid", result)
    check_array("y", y, [0.0, 0.5, 1.0], atol=0.1)
    ### BEGIN HIDDEN TESTS
    far = np.array([[-1000.0, -745.0, -300.0], [-3.0, 30.0, 800.0]])
    near32 = np.array([-200.0, -89.0, 0.0, 89.0, 200.0], np.float32)
    for z in (far, near32):
        expected = np.where(z >= 0, 1.0, 0.0)
        expected[z == 0] = 0.5
        result = check_quiet("safe_sigmoid", safe_sigmoid, z.copy())
        y, backward = check_operation("safe_sigmoid", result)
        check_array("y", y, expected, atol=0.1)
        check_quiet("backward", backward, np.ones(z.shape, y.dtype))
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_safe_ends", "points": 1}
with checking("values and gradients, near and far"):
    z = np.array([-1000.0, -2.0, 0.0, 1.0, 1000.0])
    expected = np.array([0.0, 1 / (1 + np.exp(2.0)), 0.5, 1 / (1 + np.exp(-1.0)), 1.0])
    y, backward = check_operation("safe_sigmoid", safe_sigmoid(z.copy()))
    check_array("y", y, expected, atol=1e-15)
    ### BEGIN HIDDEN TESTS
    rng = np.random.default_rng(60)
    near = rng.uniform(-6, 6, (3, 4))
    inputs = {
        "ordinary z": near,
        "z of shape ()": np.array(-1.5),
        "z of integers": np.array([[-3, 0, 2], [1, -1, 5]]),
        "z at ±1000": np.array([[-1000.0, 1000.0], [-900.0, 0.0]]),
    }
    for name, z in inputs.items():
        dy = rng.normal(size=z.shape)
        inside = np.clip(z.astype(float), -600, 600)  # beyond, 0 and 1 to all digits
        s = 1 / (1 + np.exp(-inside))
        y, backward = check_operation("safe_sigmoid", safe_sigmoid(z.copy()))
        check_array(f"y, for {name},", y, s, rtol=1e-10, atol=1e-15)
        dz = backward(np.array(dy))
        check_array(f"dz, for {name},", dz, dy * s * (1 - s), rtol=1e-9, atol=1e-14)
    z = np.array([-200.0, -5.0, 0.0, 5.0, 200.0], np.float32)
    s = 1 / (1 + np.exp(-z.astype(float)))
    before = z.copy()
    y, backward = check_operation("safe_sigmoid", safe_sigmoid(z))
    check_array("y in float32", y, s, rtol=1e-4, atol=1e-14, dtype=np.float32)
    check_unchanged("z", before, z)
    # Used twice before the way back, on which dy stays as it is.
    (y, backward), (_, other) = safe_sigmoid(near.copy()), safe_sigmoid(-2 * near)
    dy = rng.normal(size=near.shape)
    before, s = dy.copy(), 1 / (1 + np.exp(-near))
    other(dy.copy())
    for _ in range(2):
        dz = backward(dy)
        name = "dz, when safe_sigmoid was used for something else meanwhile,"
        check_array(name, dz, before * s * (1 - s), rtol=1e-9, atol=1e-14)
        check_unchanged("dy", before, dy)
    ### END HIDDEN TESTS

# %% nbgrader={"grade_id": "test_safe_tails", "points": 2}
with checking("relative accuracy far out"):
    z = np.array([-20.0, -10.0])
    y, backward = check_operation("safe_sigmoid", safe_sigmoid(z.copy()))
    check_array("y", y, np.exp(z) / (1 + np.exp(z)), rtol=1e-5)
    ### BEGIN HIDDEN TESTS
    z = np.array([[-30.0, -40.0, -100.0], [-300.0, -480.0, -700.0], [-709.0, -2, -1]])
    dy = np.random.default_rng(61).uniform(0.5, 2, z.shape)
    s = np.exp(z) / (1 + np.exp(z))
    y, backward = check_operation("safe_sigmoid", safe_sigmoid(z.copy()))
    check_array("y", y, s, rtol=1e-9)
    dz = backward(dy.copy())
    check_array("dz", dz, dy * s * (1 - s), rtol=1e-6)
    # Here float64 runs out of digits step by step, so that fewer of them agree.
    z = np.array([-712.0, -720.0, -730.0])
    y, backward = check_operation("safe_sigmoid", safe_sigmoid(z.copy()))
    check_array("y", y, np.exp(z), rtol=1e-5)
    check_array("dz", backward(np.ones(3)), np.exp(z), rtol=1e-5)
    ### END HIDDEN TESTS

# %% [markdown]
# ## What you have made
#
# The next cell draws both of your nodes. On the left, compare the height of $\sigma$'s
# derivative with the height of $\sigma$ itself. On the right, the axis is logarithmic:
# look at where the first version stops, and whether the second one goes on.

# %% nbgrader={"grade_id": "figure"}
from course_lib.figures import show, subplots

figure, (left, right) = subplots(1, 2, size=(6.0, 2.8))
z = np.linspace(-8, 8, 161)
y, backward = sigmoid(z)
left.plot(z, y, label="σ(z)")
left.plot(z, backward(np.ones_like(z)), label="dσ/dz")
left.set(xlabel="z", title="σ and its derivative")
left.legend(loc="center left")

z = np.linspace(-740, -690, 201)
with np.errstate(over="ignore"):
    right.semilogy(z, safe_sigmoid(z)[0], linewidth=5, alpha=0.4, label="safe_sigmoid")
    right.semilogy(z, sigmoid(z)[0], label="sigmoid")
right.set(xlabel="z", title="far to the left")
right.legend(loc="upper left")
show(
    figure,
    "Left: the sigmoid rises from 0 to 1; its derivative is a bump at 0, a quarter "
    "high. Right, on a logarithmic axis: near z = -710 one curve breaks off, the other "
    "goes on.",
)

# %% [markdown]
# The derivative never exceeds a quarter. In ten layers, the sigmoids alone divide a
# gradient by at least $4^{10}$, a million. That is one of the reasons why deep networks
# came to use other activations.
#
# **Before you hand it in:** restart the kernel, run all cells, and look for a check
# that does not say "passed".
