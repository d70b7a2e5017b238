"""What can be learned: truth tables, sets of points in the plane, curves, and tables of one's own."""

from xorviz.problems._base import Problem as Problem
from xorviz.problems.by_name import problem as problem
from xorviz.problems.curves import ripple as ripple
from xorviz.problems.curves import sine as sine
from xorviz.problems.planar_sets import blobs as blobs
from xorviz.problems.planar_sets import checkerboard as checkerboard
from xorviz.problems.planar_sets import circles as circles
from xorviz.problems.planar_sets import moons as moons
from xorviz.problems.planar_sets import spirals as spirals
from xorviz.problems.tables import read_table as read_table
from xorviz.problems.truth_tables import parity as parity
from xorviz.problems.truth_tables import truth_table as truth_table
from xorviz.problems.truth_tables import xor as xor
