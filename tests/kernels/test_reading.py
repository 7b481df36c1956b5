"""Arrays of any kind: read as the numbers they hold, or refused in one sentence."""

import numpy as np
import pandas as pd
import pytest
from gradclinic.kernels import OPTIMIZERS, lr_range_test, mlp, train, train_population
from gradclinic.kernels.reading import as_numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

NET = mlp([3, 4, 2])
X = np.random.default_rng(0).integers(0, 100, (10, 3)).astype(float)
Y = np.arange(10) % 2
NULLABLE = pd.DataFrame(X.astype(int)).convert_dtypes()


def arranged(values, dtype, order, layout):
    """The values as an array of a dtype, an order of bytes and a layout in memory."""
    array = values.astype(np.dtype(dtype).newbyteorder(order))
    if layout == "strided":
        return np.repeat(array, 2, axis=-1)[..., ::2]
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    if layout == "fortran":
        return np.asfortranarray(array)
    if layout == "unaligned":
        raw = np.empty(array.nbytes + 1, np.uint8)[1:]
        found = raw.view(array.dtype).reshape(array.shape)
        found[...] = array
        return found
    if layout == "read-only":
        array.flags.writeable = False
    return array


LAYOUTS = ("plain", "strided", "reversed", "fortran", "unaligned", "read-only")
DTYPES = ("f2", "f4", "f8", "g", "i1", "u1", "i2", "i4", "u4", "i8", "u8")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(DTYPES),
    st.sampled_from("<>"),
    st.sampled_from(LAYOUTS),
    st.sampled_from(DTYPES),
    st.sampled_from("<>"),
    st.sampled_from(LAYOUTS),
)
def test_the_same_numbers_give_the_same_gradient(dx, ox, lx, dy, oy, ly):
    params = NET.init(0)
    loss, wanted = NET.loss_and_grad(params, X, Y)
    found = NET.loss_and_grad(params, arranged(X, dx, ox, lx), arranged(Y, dy, oy, ly))
    assert found[0] == loss
    np.testing.assert_array_equal(found[1], wanted)


class Holder:
    """What NumPy reads by `__array__`."""

    def __array__(self, dtype=None, copy=None):
        return X


TAKEN = {
    "lists": X.tolist(),
    "nullable": NULLABLE,
    "nullable booleans and numbers": NULLABLE.astype({2: "Float64"}),
    "mixed": pd.DataFrame(X).astype({0: "int8", 1: "Int64", 2: "category"}),
    "categories": pd.DataFrame(X).astype("category"),
    "__array__": Holder(),
    "mask without an entry": np.ma.masked_array(X, np.zeros_like(X, bool)),
    "matrix": np.asmatrix(X),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_what_holds_numbers_is_taken(kind):
    np.testing.assert_array_equal(as_numbers("x", TAKEN[kind]).astype(float), X)


def test_arrow_columns_are_taken():
    pytest.importorskip("pyarrow")
    frame = NULLABLE.astype("int64[pyarrow]")
    np.testing.assert_array_equal(as_numbers("x", frame), X)
    np.testing.assert_array_equal(as_numbers("x", frame[0]), X[:, 0])
    with pytest.raises(ValueError, match="missing values"):
        as_numbers("x", frame.mask(X > 90))


def test_series_are_columns():
    for values in (pd.Series(Y).convert_dtypes(), pd.Series(Y == 1), pd.Series(Y)):
        np.testing.assert_array_equal(as_numbers("y", values), Y)


REFUSED = [
    (np.ma.masked_greater(X, 90), ValueError, "masked entries; fill or drop them"),
    (NULLABLE.mask(X > 90), ValueError, "missing values; remove or impute them"),
    (sparse.csr_matrix(X), TypeError, r"pass x.toarray\(\)"),
    (X + 1j, TypeError, "complex numbers; pass the real"),
    (X.astype(str), TypeError, "strings; encode them"),
    (X.astype("S8"), TypeError, "strings; encode them"),
    (X.astype(int).astype("datetime64[D]"), TypeError, "are dates; pass numbers"),
    (X.astype(int).astype("timedelta64[D]"), TypeError, "are durations; pass numbers"),
    (X.astype(object), TypeError, "Python objects; convert them"),
    (np.zeros(10, "f4,f4"), TypeError, "records of named fields"),
    ([[1, 2, 3], [4, 5]], ValueError, "ragged; all its rows"),
    (pd.DataFrame({"a": [1], "who": ["x"]}), TypeError, "column 'who' of x must hold"),
    (pd.Series(["a"]), TypeError, "must hold numbers, got dtype"),
    (None, TypeError, "must hold numbers in an array, got None"),
    ({1: 2}, TypeError, "must hold numbers in an array, got a dict"),
    ("rows", TypeError, "strings; encode them"),
    ((row for row in X), TypeError, "is a generator; pass a list"),
]


@pytest.mark.parametrize(("values", "error", "words"), REFUSED)
def test_what_would_lose_its_meaning_is_refused(values, error, words):
    params = NET.init(0)
    entrances = (
        lambda: NET.predict(params, values),
        lambda: NET.evaluate(params, values, Y),
        lambda: NET.loss_and_grad(params, values, Y),
        lambda: train(NET, params, values, Y, epochs=1),
        lambda: train(NET, params, values, Y, "lbfgs", epochs=1),
        lambda: train_population(NET, values, Y, [1], 0.1, epochs=1),
        lambda: lr_range_test(NET, params, values, Y),
    )
    for enter in entrances:
        with pytest.raises(error, match=words) as said:
            enter()
        assert "\n" not in str(said.value)


def test_targets_are_read_as_inputs_are():
    params = NET.init(0)
    for values in (np.ma.masked_equal(Y, 1), pd.Series(Y).convert_dtypes().mask(Y > 0)):
        with pytest.raises(ValueError, match=r"y holds 5 (masked|NaN)"):
            train(NET, params, X, values, epochs=1)


def test_what_cannot_be_read_says_why():
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("it is on a GPU\nand stays there")

    with pytest.raises(TypeError, match=r"cannot be read as an array: it is on a GPU$"):
        as_numbers("x", Broken())


IN_PLACE = [
    (lambda a: a.astype(">f4"), TypeError, "in this machine's order of bytes"),
    (lambda a: np.ma.masked_array(a), TypeError, "without a mask"),
    (lambda a: arranged(a, "f4", "<", "unaligned"), ValueError, "not aligned in mem"),
    (lambda a: arranged(a, "f4", "<", "read-only"), ValueError, "is read-only"),
    (lambda a: arranged(a, "f4", "<", "strided"), ValueError, "must be C-contiguous"),
]


@pytest.mark.parametrize(("spoil", "error", "words"), IN_PLACE)
def test_what_is_changed_in_place_is_not_converted(spoil, error, words):
    params, adam = NET.init(0), OPTIMIZERS["adam"]
    bad, state = spoil(params), adam.init_state(params.size)
    entrances = {
        "params": [
            lambda: NET.predict(bad, X),
            lambda: NET.evaluate(bad, X, Y),
            lambda: NET.loss_and_grad(bad, X, Y),
            lambda: train(NET, bad, X, Y, epochs=1),
            lambda: lr_range_test(NET, bad, X, Y),
            lambda: adam.update(bad, params, state),
            lambda: adam.averaged(bad, state),
        ],
        "grad": [lambda: adam.update(params, bad, state)],
        "state": [
            lambda: adam.update(params, params.copy(), spoil(state)),
            lambda: adam.averaged(params, spoil(state)),
        ],
    }
    for name, calls in entrances.items():
        for enter in calls:
            with pytest.raises(error, match=f"{name} .*{words}"):
                enter()
    np.testing.assert_array_equal(params, NET.init(0))


class Column:
    """A column of another library's, which is no data frame."""

    def to_numpy(self):
        return self.__array__()

    def __array__(self, dtype=None, copy=None):
        return np.array(["a"], dtype=object)


def test_columns_of_other_libraries_are_arrays():
    with pytest.raises(TypeError, match="Python objects; convert them"):
        as_numbers("x", Column())
