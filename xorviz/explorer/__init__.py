"""A page that draws itself in the browser, from the parameters of a recording."""

from xorviz.explorer.exploring import Explored as Explored
from xorviz.explorer.exploring import explore as explore
