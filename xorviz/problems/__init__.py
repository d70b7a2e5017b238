"""What can be learned: truth tables, sets of points in the plane, curves, and tables of one's own."""

from xorviz.problems._base import Problem as Problem
from xorviz.problems.truth_tables import xor as xor
