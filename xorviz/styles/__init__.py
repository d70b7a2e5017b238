"""How pictures look: colours, themes, the typeface, and whether they flash."""
