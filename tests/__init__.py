"""The tests; a package, so that ``python -m tests.soak`` finds its own."""

import os

# Before NumPy comes: linear algebra of a few rows is no faster on many threads, and tests that run side by side would
# spend most of their time waiting for one another's.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
