"""What is drawn and where: scenes, recipes, layouts, and what places ask of them."""
