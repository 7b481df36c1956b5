"""Rules for matrices that neither torch.optim nor optax has."""

_FILE = "tests/kernels/test_matrix_optimizers.py"
DERIVED = {
    "shampoo": f"{_FILE}::test_steps_follow_the_equations_of_the_papers",
    "soap": f"{_FILE}::test_steps_follow_the_equations_of_the_papers",
}
LIBRARIES = ()
