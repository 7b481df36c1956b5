"""Rules whose state is coded, which no library that runs on a CPU alone has."""

DERIVED = {
    "adam_8bit": "tests/kernels/test_adam_8bit.py"
    "::test_steps_follow_the_equations_of_the_paper",
}
LIBRARIES = ()
