"""What is trained: networks, losses, optimizers, and the experiments made of them."""
