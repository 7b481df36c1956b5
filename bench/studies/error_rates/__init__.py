"""How often the suite's own judging errs, in studies whose truth is known.

Tiny networks are trained by the hundred thousand, and judged as every scenario is.
"""
