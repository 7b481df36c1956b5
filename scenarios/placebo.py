"""The control that changes nothing but chance, shared by every scenario."""

from dataclasses import replace
from functools import partial

from .scenario import Fix

PLACEBO = Fix(
    name="placebo",
    family="control",
    apply=partial(replace, restart=1),
    label="Placebo: the baseline with other random numbers",
    claim="It changes nothing but chance, so a test that says it helps is wrong.",
    strength="restart 1",
)
