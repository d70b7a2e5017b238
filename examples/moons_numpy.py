"""Two moons, a 2–8–1 network in plain NumPy."""

import numpy as np
import xorviz
from xorviz.problems import moons

problem = moons(seed=0)
X, y = problem.inputs, problem.targets
rng = np.random.default_rng(0)
net = {"W1": rng.normal(size=(2, 8)), "b1": np.zeros(8), "W2": rng.normal(size=(8, 1)), "b2": np.zeros(1)}

with xorviz.record("numpy.xorviz", net, X, y, activations=("tanh", "sigmoid"), title="moons") as recorder:
    for _ in range(400):
        h = np.tanh(X @ net["W1"] + net["b1"])
        p = 1 / (1 + np.exp(-(h @ net["W2"] + net["b2"])))
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        d2 = (p - y) / len(X)
        d1 = d2 @ net["W2"].T * (1 - h**2)
        gradients = {"W1": X.T @ d1, "b1": d1.sum(0), "W2": h.T @ d2, "b2": d2.sum(0)}
        for name, gradient in gradients.items():
            net[name] -= 1.0 * gradient
        recorder.step(loss=loss)
