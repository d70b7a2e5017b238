"""Work shared among processes and kept to one thread in each."""
