"""CPU against GPU, measured on a machine that has both; `measure` puts it together.

A part of the measurement is a file here. What each gives is plain data, of the schema
that `measure` names, so that it can be read on a machine without a GPU.
"""
