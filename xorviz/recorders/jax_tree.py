"""JAX: parameters as a pytree, a module of Equinox or Flax, whose arrays are made anew by every update."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, final

import numpy as np

from xorviz.recorders._base import Array, as_array
from xorviz.recorders.arrays import Arrays
from xorviz.recorders.options import Options
from xorviz.recorders.trees import Tree, natural


@final
class JaxTree(Tree):
    """Whatever JAX has registered as a tree; what is no array of floating point numbers in it is passed over."""

    def leaves(self, tree: Any) -> list[Array]:
        """See `Tree.leaves`."""
        import jax

        found = jax.tree_util.tree_flatten_with_path(tree)[0]
        named = [(jax.tree_util.keystr(path), leaf) for path, leaf in found if _is_numbers(leaf)]
        return [as_array(leaf) for _, leaf in sorted(named, key=lambda one: natural(one[0]))]

    def at(self, stacked: Any, index: int) -> Any:
        """See `Tree.at`."""
        import jax

        return jax.tree_util.tree_map(lambda leaf: leaf[index] if _is_numbers(leaf) else leaf, stacked)


def jax_subject(model: Any, options: Options) -> Arrays:
    """What a recorder asks of a pytree; a module, which can be called, is asked for its outputs by calling it."""
    import jax

    chosen = options if options.predict is not None or not callable(model) else replace(options, predict=_called)
    name = type(model).__name__
    name = "network" if name in ("dict", "list", "tuple", "FrozenDict") else name
    return Arrays(model, chosen, name, ("jax", str(jax.__version__)), JaxTree())


def _called(model: Any, points: Array) -> Any:
    """A module of Flax takes many points at once, one of Equinox a single one."""
    import jax

    array = jax.numpy.asarray(points, dtype=jax.numpy.float32)
    is_equinox = any(cls.__module__.partition(".")[0] == "equinox" for cls in type(model).__mro__)
    return jax.vmap(model)(array) if is_equinox else model(array)


def _is_numbers(leaf: Any) -> bool:
    return hasattr(leaf, "dtype") and hasattr(leaf, "shape") and np.issubdtype(leaf.dtype, np.floating)
