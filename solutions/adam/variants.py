# %% [markdown]
# Other correct answers to `adam`: each gets full marks.

# %% update_moments: a step towards the new value
"""Each average moves by a fraction of its distance from the new value."""


def update_moments(m, v, g, betas):
    share1, share2 = (1 - beta for beta in betas)
    return m + share1 * (g - m), v - share2 * (v - g * g)


# %% update_moments: a loop over entries
"""One entry after another, into arrays of its own."""


def update_moments(m, v, g, betas):
    beta1, beta2 = betas
    new_m, new_v = np.empty_like(m), np.empty_like(v)
    for i in np.ndindex(np.shape(m)):
        new_m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        new_v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
    return new_m, new_v


# %% correct_bias: the sum of the weights
"""Divides by (1 − β)(1 + β + … + βᵗ⁻¹), the geometric series that has not been
summed."""


def correct_bias(m, v, t, betas):
    sums = [(1 - beta) * sum(beta**i for i in range(t)) for beta in betas]
    return m * (1 / sums[0]), v * (1 / sums[1])


# %% move: in place on arrays of its own
"""Reuses one array for all intermediate results, and never writes into a given one."""


def move(x, m_hat, v_hat, lr, eps):
    new = np.array(np.sqrt(v_hat))
    new += eps
    np.divide(m_hat, new, out=new)
    new *= -lr
    new += x
    return new


# %% move: a power
"""The root as a power, and lr applied last, entry by entry in another order."""


def move(x, m_hat, v_hat, lr, eps):
    direction = m_hat / (v_hat**0.5 + eps)
    return x - direction * lr


# %% adam: the paper's efficient form
"""α√(1 − β₂ᵗ)/(1 − β₁ᵗ) as the rate, with ε scaled by √(1 − β₂ᵗ) as well: the same as
the other form, exactly. None of the functions above is used."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, (self.beta1, self.beta2), self.eps = lr, betas, eps
        self.correct = bias_correction
        self.t = 0
        self.m, self.v = {}, {}

    def step(self, xs, gs):
        self.t += 1
        root = float((1 - self.beta2**self.t) ** 0.5) if self.correct else 1.0
        scale = 1 - self.beta1**self.t if self.correct else 1.0
        new = []
        for i, (x, g) in enumerate(zip(xs, gs)):
            self.m[i] = self.beta1 * self.m.get(i, 0) + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v.get(i, 0) + (1 - self.beta2) * g * g
            rate = self.lr * root / scale
            new.append(x - rate * self.m[i] / (np.sqrt(self.v[i]) + self.eps * root))
        return new


# %% adam: weights that depend on time
"""No correction at all: with β_t = (β − βᵗ)/(1 − βᵗ) in place of β the averages are the
corrected ones from the start."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.t = 0
        self.state = None

    def step(self, xs, gs):
        self.t += 1
        b1, b2 = self.betas
        if self.bias_correction:
            b1, b2 = ((b - b**self.t) / (1 - b**self.t) for b in self.betas)
        if self.state is None:
            self.state = [[np.zeros_like(g), np.zeros_like(g)] for g in gs]
        new = []
        for x, g, state in zip(xs, gs, self.state):
            state[0] = b1 * state[0] + (1 - b1) * g
            state[1] = b2 * state[1] + (1 - b2) * g**2
            new.append(x - self.lr * state[0] / (np.sqrt(state[1]) + self.eps))
        return new


# %% adam: all parameters as one vector
"""Joins all entries of all parameters in one long vector, moves that, and cuts it
apart."""


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.settings = lr, betas, eps, bias_correction
        self.t = 0

    def step(self, xs, gs):
        lr, betas, eps, correct = self.settings
        x = np.concatenate([np.ravel(a) for a in xs])
        g = np.concatenate([np.ravel(a) for a in gs])
        if self.t == 0:
            self.m, self.v = np.zeros_like(x), np.zeros_like(x)
        self.t += 1
        self.m, self.v = update_moments(self.m, self.v, g, betas)
        m, v = (
            correct_bias(self.m, self.v, self.t, betas) if correct else (self.m, self.v)
        )
        cuts = np.cumsum([a.size for a in xs])[:-1]
        parts = np.split(move(x, m, v, lr, eps), cuts)
        return [part.reshape(a.shape) for part, a in zip(parts, xs)]


# %% adam: in place, with running powers
"""Averages are updated in place, in arrays that nobody else sees; the powers of β are
products that grow with each step; it prints and warns on the way."""
import sys
import warnings


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, bias_correction=True):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.bias_correction = bias_correction
        self.powers = [1.0, 1.0]
        self.memory = None

    def step(self, xs, gs):
        print("a step of", len(xs), "parameters")
        print("a line on stderr", file=sys.stderr)
        warnings.warn("the first steps are the longest", stacklevel=1)
        self.powers = [p * beta for p, beta in zip(self.powers, self.betas)]
        if self.memory is None:
            self.memory = [np.zeros((2, *x.shape), x.dtype) for x in xs]
        results = []
        for memory, x, g in zip(self.memory, xs, gs):
            for row, beta, new in zip(memory, self.betas, (g, g * g)):
                row *= beta
                row += (1 - beta) * new
            m, v = memory
            if self.bias_correction:
                m, v = m / (1 - self.powers[0]), v / (1 - self.powers[1])
            results.append(move(x, m, v, self.lr, self.eps))
        return results


# %% compare: one run after the other
"""Spelt out, with everything made twice."""


def compare(lr, steps, seed):
    first, second = new_network(seed), new_network(seed)
    without = train(second, Adam(lr, bias_correction=False), steps, seed)
    print("without:", without[-1])
    corrected = train(first, Adam(lr), steps, seed)
    print("with:", corrected[-1])
    return corrected, without
