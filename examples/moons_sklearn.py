"""Two moons, a 2–8–1 network in scikit-learn."""

from sklearn.neural_network import MLPClassifier

import xorviz
from xorviz.problems import moons

problem = moons(seed=0)
X, y = problem.inputs, problem.targets[:, 0].astype(int)
net = MLPClassifier((8,), "tanh", solver="adam", learning_rate_init=0.05, batch_size=len(X), random_state=0)

with xorviz.record("sklearn.xorviz", net, X, y, title="moons") as recorder:
    for _ in range(400):
        net.partial_fit(X, y, classes=[0, 1])
        recorder.step(loss=net.loss_)
