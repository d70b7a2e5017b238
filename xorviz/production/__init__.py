"""From scenes to files: frames drawn, shared among workers, encoded, within a budget."""
