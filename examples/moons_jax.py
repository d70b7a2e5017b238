"""Two moons, a 2–8–1 network in JAX, all of its training in one scan."""

import jax
import jax.numpy as jnp
import xorviz
from xorviz.problems import moons

problem = moons(seed=0)
X, y = jnp.asarray(problem.inputs), jnp.asarray(problem.targets)
one, two = jax.random.split(jax.random.PRNGKey(0))
net = [(jax.random.normal(one, (2, 8)), jnp.zeros(8)), (jax.random.normal(two, (8, 1)), jnp.zeros(1))]

def predict(net, points):
    (W1, b1), (W2, b2) = net
    return jax.nn.sigmoid(jnp.tanh(points @ W1 + b1) @ W2 + b2)

def update(net, _):
    loss, grads = jax.value_and_grad(lambda net: -jnp.mean(jnp.log(jnp.where(y > 0, p := predict(net, X), 1 - p))))(net)
    net = jax.tree.map(lambda w, g: w - g, net, grads)
    return net, (net, loss)

with xorviz.record("jax.xorviz", net, X, y, predict=predict, title="moons") as recorder:
    net, (stacked, losses) = jax.lax.scan(update, net, length=400)
    recorder.extend(stacked, loss=losses)
