"""Wrong optimizers that the chapter on adaptive methods notices."""

# By name: the file in course_lib, the text to replace, its replacement, and the start
# of the cell that must notice it first.
MISTAKES = {
    "AdaGrad as a moving average": (
        "optimizers/adagrad.py",
        "v += g**2",
        "v[...] = 0.9 * v + 0.1 * g**2",
        "for beta in",
    ),
    "RMSProp's rate swapped": (
        "optimizers/rmsprop.py",
        "v *= group.alpha\n        v += (1 - group.alpha) * g**2",
        "v *= 1 - group.alpha\n        v += group.alpha * g**2",
        "for beta in",
    ),
    "AdaDelta averages gradients in place of updates": (
        "optimizers/adadelta.py",
        "(1 - group.rho) * d**2",
        "(1 - group.rho) * g**2",
        "RULES = ",
    ),
    "AdaDelta's ε outside the roots": (
        "optimizers/adadelta.py",
        "np.sqrt(v + group.eps)",
        "(np.sqrt(v) + group.eps)",
        "import torch",
    ),
    "Adam without correction": (
        "optimizers/adam.py",
        "v_hat = v / (1 - beta2**self.t)\n        root = np.sqrt(v_hat, out=v_hat)\n"
        "        root += group.eps\n        step = np.divide(m, root, out=root)\n"
        "        step *= group.lr / (1 - beta1**self.t)\n        x -= step",
        "x -= group.lr * m / (np.sqrt(v) + group.eps)",
        "adam = trace",
    ),
    "Adam writes the corrected v back": (
        "optimizers/adam.py",
        "v_hat = v / ",
        "v[...] = v_hat = v / ",
        "adam = trace",
    ),
    "Adam's ε inside the root": (
        "optimizers/adam.py",
        "np.sqrt(v_hat, out=v_hat)",
        "np.sqrt(v_hat + group.eps)",
        "import torch",
    ),
    "Adam's betas swapped": (
        "optimizers/adam.py",
        "beta1, beta2 = group.betas",
        "beta2, beta1 = group.betas",
        "adam = trace",
    ),
    "t frozen at 1": (
        "optimizers/optimizer.py",
        "self.t += 1",
        "self.t = 1",
        "adam = trace",
    ),
    "t counted once per parameter": (
        "optimizers/optimizer.py",
        "            for block in _blocks(p.value, g, state):",
        "            self.t += p is not self.parameters[0]\n"
        "            for block in _blocks(p.value, g, state):",
        "import torch",
    ),
    "AMSGrad forgets its maximum": (
        "optimizers/amsgrad.py",
        "u[...] = np.maximum(u, v)",
        "u[...] = v",
        "from course_lib.optimizers import AMSGrad",
    ),
}
