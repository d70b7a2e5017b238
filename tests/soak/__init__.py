"""Faults on purpose, many times over: processes killed, files mutated, disks filled, and what xorviz promises then.

``docs/reliability.md`` says the promises. CI keeps every fault at its ordinary count (``tests/test_reliability.py``);
``python -m tests.soak`` does ten times as many.
"""
