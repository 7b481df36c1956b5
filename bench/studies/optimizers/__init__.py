"""The study of optimizers: how they converge, and which ranks where."""
