# %% [markdown]
# Wrong answers to `adam`. The string at the top of each is the hint that its author
# reads; what follows takes the place of the cell. In the order of the tasks.

# %% update_moments: old average not faded | fails: test_moments
"""Your averages only grow: the old value is kept in full and the new share added on
top. In a moving average the two weights sum to 1; from zero, one step can't show the
difference."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    return m + (1 - beta1) * g, v + (1 - beta2) * g**2


# %% update_moments: size in place of the square | fails: test_moments
"""Your v averages the size of the gradient. For gradients of 1 that is the same as the
square; but its root is taken later, and then only a square gives back a size."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.abs(g)


# %% update_moments: betas swapped | fails: test_moments
"""Your m moves slowly and your v fast: each follows the other's beta. Which of the two
has the long memory?"""


def update_moments(m, v, g, betas):
    beta2, beta1 = betas
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


# %% update_moments: weights swapped | fails: test_moments
"""Your averages are almost equal to the latest gradient and its square: the new value
has the weight that the old one should have. A beta of 0.9 means to keep nine tenths."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    return (1 - beta1) * m + beta1 * g, (1 - beta2) * v + beta2 * g**2


# %% update_moments: averages overwritten | fails: test_unchanged
"""Your averages are right, but the old ones are gone: operators such as `*=` write into
the arrays that you were given. Whoever called you may still need them."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return m, v


# %% update_moments: gradient overwritten | fails: test_unchanged
"""Afterwards the caller's gradient holds its own square. It may be needed again, for a
record or by another node: make a new array for what you compute."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    m = beta1 * m + (1 - beta1) * g
    g *= g
    return m, beta2 * v + (1 - beta2) * g


# %% correct_bias: the first step's divisor for ever | fails: test_correction
"""Your correction is right in the first step and never fades, so later averages become
too large. How does what is missing change with t?"""


def correct_bias(m, v, t, betas):
    beta1, beta2 = betas
    return m / (1 - beta1), v / (1 - beta2)


# %% correct_bias: one power too many | fails: test_correction
"""You divide by what would be missing one step later, so the first step is not
corrected in full. How many gradients have the averages seen when t is 1?"""


def correct_bias(m, v, t, betas):
    beta1, beta2 = betas
    return m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))


# %% correct_bias: only the first average | fails: test_correction
"""You correct m and leave v as it is. Both start at zero, and v, with its longer
memory, is missing more."""


def correct_bias(m, v, t, betas):
    return m / (1 - betas[0] ** t), v


# %% correct_bias: root taken here already | fails: test_correction
"""Your second result is the root of the corrected average. The step takes the root
itself; when v_hat is 1, two roots look like one."""


def correct_bias(m, v, t, betas):
    beta1, beta2 = betas
    return m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t))


# %% correct_bias: stored averages corrected in place | fails: test_unchanged, test_adam_one_parameter
"""You correct the arrays that the optimizer stores, so its next average starts from a
corrected one, and is corrected again. The correction is for the step only: what is
remembered stays uncorrected."""


def correct_bias(m, v, t, betas):
    beta1, beta2 = betas
    m /= 1 - beta1**t
    v /= 1 - beta2**t
    return m, v


# %% move: ε inside the root | fails: test_epsilon
"""You add ε before the root is taken, and √ε is far larger than ε: where gradients are
tiny, your steps are much too short. The default ε hides it for ordinary gradients."""


def move(x, m_hat, v_hat, lr, eps):
    return x - lr * m_hat / np.sqrt(v_hat + eps)


# %% move: ε left out | fails: test_epsilon, test_compare
"""Where a gradient has always been zero, you divide zero by zero. The corner pixels of
the digits are always empty: their weights become nan, and soon everything is. What is ε
for?"""


def move(x, m_hat, v_hat, lr, eps):
    return x - lr * m_hat / np.sqrt(v_hat)


# %% move: root forgotten | fails: test_move
"""You divide by the average of the squares itself. Where it is 1 nobody notices;
elsewhere a gradient twice as large would make the step half as long. Which units should
the ratio have?"""


def move(x, m_hat, v_hat, lr, eps):
    return x - lr * m_hat / (v_hat + eps)


# %% move: uphill | fails: test_move
"""Your parameters move along the gradient, where the loss rises. Which direction lowers
it?"""


def move(x, m_hat, v_hat, lr, eps):
    return x + lr * m_hat / (np.sqrt(v_hat) + eps)


# %% move: value overwritten | fails: test_unchanged
"""The new value is right, but it is written into the array that you were given: `-=`
changes the caller's x. The optimizer promises new arrays."""


def move(x, m_hat, v_hat, lr, eps):
    x -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return x


# %% adam: frozen step counter | fails: test_adam_one_parameter
"""Your first step is right, and then t stands still: each later average is corrected as
if it had seen a single gradient. What has to change from step to step, besides the
averages?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.averages = []

    def step(self, xs, gs):
        t = 1
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: counted once per parameter | fails: test_adam_several_parameters
"""With one parameter all is well; with several, t runs ahead, and all but the first are
corrected too little. How many steps has the optimizer taken when it has moved all of
them once?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            self.t += 1
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: averages made anew in each step | fails: test_adam_one_parameter, test_adam_settings
"""Your averages are zero again at the start of every step, so nothing is remembered.
What must live longer than one call of step, and where is it made?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0

    def step(self, xs, gs):
        self.t += 1
        new = []
        for x, g in zip(xs, gs):
            m, v = update_moments(np.zeros_like(x), np.zeros_like(x), g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: averages shared by all parameters | fails: test_adam_several_parameters, test_compare
"""All your parameters feed one pair of averages, so each moves by the gradients of the
others. Where shapes differ it fails outright. Whose past should decide a parameter's
step?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.m = self.v = None

    def step(self, xs, gs):
        self.t += 1
        new = []
        for x, g in zip(xs, gs):
            if self.m is None:
                self.m, self.v = np.zeros_like(x), np.zeros_like(x)
            self.m, self.v = update_moments(self.m, self.v, g, self.betas)
            m, v = self.m, self.v
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: averages filed by shape | fails: test_adam_several_parameters
"""Two of your parameters that happen to have one shape share their averages. Two layers
of a network may well be equally wide: what tells parameters apart, if not their
shape?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = {}

    def step(self, xs, gs):
        self.t += 1
        new = []
        for x, g in zip(xs, gs):
            m, v = self.averages.get(x.shape, (np.zeros_like(x), np.zeros_like(x)))
            m, v = self.averages[x.shape] = update_moments(m, v, g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: corrected averages stored | fails: test_adam_one_parameter
"""You store the corrected averages, and the next step averages and corrects them once
more. The correction makes up for the start at zero; a corrected average no longer has
that start."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            self.averages[i] = m, v
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: no gradient, no step | fails: test_adam_one_parameter
"""A parameter whose gradient is zero for once stays where it is, and its averages are not
updated. But m still remembers the gradients before: it moves the parameter on, and fades
with every step. Zero is a gradient like any other."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            if not g.any():
                new.append(x.copy())
                continue
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: corrected in the first step only | fails: test_adam_one_parameter
"""Only your first step is corrected; in the second, most of the average is still
missing. The table above shows how long the correction matters."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if self.t == 1:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction and self.t == 1:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: correction folded into the rate | fails: test_adam_one_parameter
"""Moving both corrections into the learning rate saves work, but it leaves ε beside an
uncorrected root, where it counts for more. With a large ε the first steps come out too
short: what has to happen to ε for the two forms to agree?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        beta1, beta2 = self.betas
        lr = self.lr
        if self.bias_correction:
            lr = lr * np.sqrt(1 - beta2**self.t).item() / (1 - beta1**self.t)
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            new.append(move(x, m, v, lr, self.eps))
        return new


# %% adam: counter starts at zero | fails: test_adam_one_parameter, test_adam_several_parameters, test_adam_settings, test_float32, test_compare
"""In your first step t is still 0, and the correction divides by 1 − β⁰, which is zero.
The averages have seen one gradient by then: when should the counter advance?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = np.float64(0)
        self.averages = []

    def step(self, xs, gs):
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        self.t += 1
        return new


# %% adam: one memory for all optimizers | fails: test_adam_several_parameters
"""Your averages belong to the class, so that two optimizers used side by side feed the
same ones, and making a new optimizer empties the memory of the old. Where do an
object's own values live?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        Adam.t = 0
        Adam.averages = {}

    def step(self, xs, gs):
        Adam.t += 1
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            key = i, x.shape
            m, v = self.averages.get(key, (np.zeros_like(x), np.zeros_like(x)))
            m, v = self.averages[key] = update_moments(m, v, g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: switch ignored | fails: test_adam_settings
"""With and without `bias_correction` your optimizer does the same. Who reads the
setting once it is stored?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            m_hat, v_hat = correct_bias(*self.averages[i], self.t, self.betas)
            new.append(move(x, m_hat, v_hat, self.lr, self.eps))
        return new


# %% adam: averages in float64 | fails: test_float32
"""Your averages are float64 whatever the parameters are, and what is computed with them
becomes float64 too. In a network of float32 the weights would change their dtype in the
first step. From what does `np.zeros` know which dtype you want?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if not self.averages:
            self.averages = [(np.zeros(x.shape), np.zeros(x.shape)) for x in xs]
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            new.append(move(x, m, v, self.lr, self.eps))
        return new


# %% adam: keeps values of its own | fails: test_adam_one_parameter
"""Your optimizer goes on from the values that it computed last, whatever it is given.
When something else has changed a parameter meanwhile, that change is lost. Which of its
arguments does your step never read again?"""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.xs = self.averages = None

    def step(self, xs, gs):
        self.t += 1
        if self.xs is None:
            self.xs = [x.copy() for x in xs]
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        for i, g in enumerate(gs):
            m, v = self.averages[i] = update_moments(*self.averages[i], g, self.betas)
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            self.xs[i] = move(self.xs[i], m, v, self.lr, self.eps)
        return [x.copy() for x in self.xs]


# %% adam: caller's list filled | fails: test_unchanged
"""The new values are right, but you put them into the list that you were given and
return that list. The caller's old values are gone from it; make a list of your own."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.averages = []

    def step(self, xs, gs):
        self.t += 1
        if not self.averages:
            self.averages = [(np.zeros_like(x), np.zeros_like(x)) for x in xs]
        for i in range(len(xs)):
            m, v = update_moments(*self.averages[i], gs[i], self.betas)
            self.averages[i] = m, v
            if self.bias_correction:
                m, v = correct_bias(m, v, self.t, self.betas)
            xs[i] = move(xs[i], m, v, self.lr, self.eps)
        return xs


# %% compare: one optimizer for both runs | fails: test_compare
"""Your second run starts with the averages and the count of the first, so it has hardly
anything to correct. What an optimizer remembers belongs to one run."""


def compare(lr, steps, seed):
    optimizer = Adam(lr=lr)
    corrected = train(new_network(seed), optimizer, steps, seed)
    optimizer.bias_correction = False
    return corrected, train(new_network(seed), optimizer, steps, seed)


# %% compare: one network for both runs | fails: test_compare
"""Your second run begins with the weights that the first one trained, so its loss
starts low for a reason that has nothing to do with the correction. What must be made
anew?"""


def compare(lr, steps, seed):
    network = new_network(seed)
    corrected = train(network, Adam(lr=lr), steps, seed)
    return corrected, train(network, Adam(lr=lr, bias_correction=False), steps, seed)


# %% compare: other batches for the second run | fails: test_compare
"""Your two runs see different digits, or start from different weights. Then the
difference of their losses is partly luck: what besides the correction is to be the
same?"""


def compare(lr, steps, seed):
    corrected = train(new_network(seed), Adam(lr=lr), steps, seed)
    without = Adam(lr=lr, bias_correction=False)
    return corrected, train(new_network(seed), without, steps, seed + 1)


# %% compare: runs in the wrong order | fails: test_compare
"""Your two runs are sound, but each is returned in the other's place, and the figure's
legend lies. Read again which comes first."""


def compare(lr, steps, seed):
    runs = [
        train(new_network(seed), Adam(lr=lr, bias_correction=correct), steps, seed)
        for correct in (False, True)
    ]
    return runs[0], runs[1]
