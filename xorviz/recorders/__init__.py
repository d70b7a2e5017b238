"""Recorders: how anybody's model learned, from NumPy, PyTorch, Keras, JAX and scikit-learn, in any training loop."""
