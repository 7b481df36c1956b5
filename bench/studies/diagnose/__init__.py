"""`gradclinic diagnose`: what is wrong with training on a user's table, what mends it.

`reading` makes a `UserTable`; `checks` look at it; `network` trains on it; `study` puts
all together, as plain data for the page and as a `Diagnosis` for Python.
"""
