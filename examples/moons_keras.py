"""Two moons, a 2–8–1 network in Keras."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import xorviz
from xorviz.problems import moons

keras.utils.set_random_seed(0)
problem = moons(seed=0)
X, y = problem.inputs, problem.targets
net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1, "sigmoid")])
net.compile(keras.optimizers.SGD(1.0), "binary_crossentropy")
record = xorviz.keras_callback("keras.xorviz", X, y, title="moons", every=2)
net.fit(X, y, batch_size=len(X), epochs=200, verbose=0, callbacks=[record])
