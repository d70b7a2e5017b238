"""Fast artists: each is prepared once and then costs as little as its pixels."""
