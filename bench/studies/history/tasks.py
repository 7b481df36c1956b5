"""The tasks that systems of seven decades share, and what others measured on them."""

from dataclasses import dataclass

from ....scenarios.trial import Dataset


@dataclass(frozen=True)
class SharedTask:
    """data: what is learned; shape: how a row is read by layers that see an order.

    measure: `accuracy`, a share, or `mse`; published: test accuracies of others, by
    the name of a system; source: of the task, and of what was published. seeds: where
    none are asked for, of the systems that others measured, or else of all. length: of
    a task that is shown beside others of its family by what its sequences hold.
    remark: on what was published.
    """

    name: str
    title: str
    summary: str
    data: Dataset
    shape: tuple[int, ...]
    source: str
    measure: str = "accuracy"
    published: tuple[tuple[str, float], ...] = ()
    seeds: int = 5
    family: str = ""
    length: int | None = None
    remark: str = ""


_MIN_MAX = (("min_max", 0.0),)
_SHUFFLED = (("n_samples", 5500), ("shuffled", True))
_NOTEBOOK = (
    "The authors' own notebook mnist1d-classification ends, after 6,000 steps of one"
    " run, at {}."
)
_ADDING = "Hochreiter & Schmidhuber (1997), section 5.4"
_MNIST1D = "Greydanus & Kobak (2024), table 1"
LENGTH = 100  # of the adding problem
COPY_SYMBOLS, COPY_BLANKS = 8, 20
COUNTS = (2, 5, 10, 20)  # symbols to be kept
COPYING = tuple(f"copying_{count}" for count in COUNTS)


def _copying(name: str, count: int) -> SharedTask:
    """Recall of one of so many symbols, behind blanks."""
    options = (
        ("count", count),
        ("delay", COPY_BLANKS),
        ("n_samples", 5000),
        ("symbols", COPY_SYMBOLS),
    )
    return SharedTask(
        name,
        f"Copy task, {count} symbols",
        f"{count} of {COPY_SYMBOLS} symbols, {COPY_BLANKS} blanks, then a question"
        " which symbol stood at one place; 4,000 train, 500 validate and 500 test. A"
        f" guess is right in {100 / COPY_SYMBOLS:.3g} % of rows.",
        Dataset("copying", 4000, 500, 500, options=options),
        (count + COPY_BLANKS + 1,),
        "Hochreiter & Schmidhuber (1997); Arjovsky, Shah & Bengio (2016); the question"
        " is ours",
        seeds=3,
        family="copying",
        length=count,
    )


TASKS = {
    task.name: task
    for task in (
        SharedTask(
            "xor",
            "XOR",
            "Two signs, and whether they differ: no line parts the two classes.",
            Dataset(
                "sparse_parity",
                200,
                100,
                400,
                options=(("k", 2), ("n", 2), ("n_samples", 700)),
            ),
            (2,),
            "Minsky & Papert (1969)",
        ),
        SharedTask(
            "digits",
            "Digits",
            "scikit-learn's 1,797 handwritten digits of 8 x 8 pixels, of which 1,200"
            " train, 147 validate and 450 test, split anew for every seed.",
            Dataset("digits", 1200, 147, 450, transforms=_MIN_MAX),
            (8, 8, 1),
            "Alpaydin & Kaynak (1998), UCI's test file alone",
        ),
        SharedTask(
            "mnist1d",
            "MNIST-1D",
            "Ten classes of curves of 40 points, by our generator of the same"
            " specification: 4,000 train, 500 validate and 1,000 test.",
            Dataset("mnist1d", 4000, 500, 1000, options=(("n_samples", 5500),)),
            (40, 1),
            _MNIST1D,
            published=(("logistic", 0.32), ("mlp", 0.68), ("cnn", 0.94), ("gru", 0.91)),
            seeds=10,
            remark=_NOTEBOOK.format("31.5, 65.1, 92.3 and 89.1 %"),
        ),
        SharedTask(
            "mnist1d_shuffled",
            "MNIST-1D, shuffled",
            "The same curves with their points in one fixed random order: the control"
            " for what convolutions and recurrences take from neighbours.",
            Dataset("mnist1d", 4000, 500, 1000, options=_SHUFFLED),
            (40, 1),
            _MNIST1D,
            published=(("logistic", 0.32), ("mlp", 0.68), ("cnn", 0.56), ("gru", 0.57)),
            seeds=10,
            remark=_NOTEBOOK.format("31.5, 66.0, 58.7 and 53.3 %"),
        ),
        SharedTask(
            "adding",
            "Adding problem",
            f"The sum of two marked numbers of {LENGTH}, at least half of the sequence"
            " back; 4,000 train, 500 validate and 500 test. The mean as an answer costs"
            " 0.167.",
            Dataset(
                "adding",
                4000,
                500,
                500,
                options=(("length", LENGTH), ("n_samples", 5000)),
            ),
            (LENGTH, 2),
            _ADDING,
            measure="mse",
        ),
        *map(_copying, COPYING, COUNTS),
    )
}
