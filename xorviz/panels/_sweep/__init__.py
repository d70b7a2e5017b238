"""What panels of studies share: the axis of a swept setting, its marks, the furniture around."""
