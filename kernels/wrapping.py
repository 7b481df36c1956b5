"""What optimizers around another rule have in common."""

from numba.extending import register_jitable

from .jit import OPTIONS
from .validation import check_options


def callable_rule(base):
    """The rule of an `Optimizer` as a function that compiled functions may call."""
    return _callable(base.rule)


def _callable(function):
    options = {k: v for k, v in OPTIONS.items() if k != "cache"}
    return register_jitable(**options)(function)


def kept_shape(base):
    """The slots and tail of an `Optimizer` around `base` that keeps n more numbers.

    They are a row of their own; where the state of `base` is a tail alone, they stand
    behind it.
    """
    if base.slots or base.tail is None:
        return {"slots": base.slots + 1}
    return {"tail": lambda n, layout: base.tail(n, layout) + n}


def kept_in(base):
    """(state, n) -> float[n], where the numbers of `kept_shape` are; to be compiled."""
    row = base.slots

    def behind_the_rows(state, n):
        return state[row, :n]

    def behind_the_tail(state, n):
        return state[0, state.shape[1] - n :]

    return _callable(behind_the_rows if row or not base.tail else behind_the_tail)


def joined(base, wrapper, own, options):
    """Defaults and bounds of `base` and the wrapper, with `options` in their place.

    own: name -> (default, `Bounds`), which stand behind those of `base`; a name that
    `base` has too gets the wrapper's in front. ValueError or TypeError on a wrong
    option.
    """
    known = base.defaults
    own = {f"{wrapper}_{k}" if k in known else k: v for k, v in own.items()}
    defaults = {**known, **{k: value for k, (value, _) in own.items()}}
    bounds = {**base.bounds, **{k: b for k, (_, b) in own.items()}}
    check_options(f"{wrapper} around {base.name!r}", options, defaults, bounds)
    return {"defaults": {**defaults, **options}, "bounds": bounds}


def check_base(base, wrapper):
    """ValueError unless `wrapper` can wrap `base`."""
    if base.average is not None or base.gradients > 1:
        raise ValueError(
            f"{wrapper} wraps rules of one gradient a step that predict with the"
            f" parameters they train, which optimizer {base.name!r} does not"
        )
