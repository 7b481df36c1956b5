"""A network that predicts well, and an explanation of it that names the wrong inputs.

The same network is trained each time; what differs is how it is explained.
"""

from dataclasses import replace
from functools import partial

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_LOOK = (
    "What is named as important is another input after the next training, or one that"
    " cannot matter."
)
_KNOWN = Symptom(
    "poor_interpretability",
    "Of the inputs ranked highest, as many as matter, under 80 % do matter; or, where"
    " seeds have the same inputs, the importances of two seeds have a rank correlation"
    " below 0.7.",
    _LOOK,
)
_UNKNOWN = Symptom(
    "poor_interpretability",
    "Which inputs matter is not known here. A tree of depth 3 gives under 90 % of the"
    " predictions, or the importances of two seeds have a rank correlation below 0.7.",
    _LOOK,
)
_REFERENCES = (
    "Breiman (2001), Random forests, Machine Learning 45 (permutation importance)",
    "Simonyan, Vedaldi & Zisserman (2014), Deep inside convolutional networks, ICLR"
    " workshop (saliency)",
    "Sundararajan, Taly & Yan (2017), Axiomatic attribution for deep networks, ICML",
    "Smilkov, Thorat, Kim, Viégas & Wattenberg (2017), SmoothGrad: removing noise by"
    " adding noise, arXiv:1706.03825",
    "Craven & Shavlik (1995), Extracting tree-structured representations of trained"
    " networks, NIPS 8",
    "Adebayo, Gilmer, Muelly, Goodfellow, Hardt & Kim (2018), Sanity checks for"
    " saliency maps, NeurIPS",
    "Petsiuk, Das & Saenko (2018), RISE: randomized input sampling for explanation of"
    " black-box models, BMVC (deletion and insertion)",
    "Rudin (2019), Stop explaining black box machine learning models for high stakes"
    " decisions and use interpretable models instead, Nature Machine Intelligence 1",
)
_RANKING = Metric(
    "informative_auc",
    "ranking of the inputs that matter (AUC)",
    "share",
    "linear",
    "higher",
    rows=None,
)
_FAITHFULNESS = Metric(
    "test_faithfulness",
    "test faithfulness (insertion minus deletion area)",
    "share",
    "linear",
    "higher",
)


def explained(trial, name, **options):
    """The trial, its network explained by a method of `bench.execution.explainers`."""
    pairs = tuple(sorted(options.items()))
    return replace(trial, explanation=name, explanation_options=pairs)


def _classes(inputs, copies=0):
    """Five inputs that tell the class, copies of them, and others that do not."""
    return Dataset(
        "classification",
        rows=1500,
        validation=256,
        test=512,
        options=(
            ("class_sep", 1.5),
            ("flip_y", 0.02),
            ("n_features", inputs),
            ("n_informative", 5),
            ("n_redundant", 0),
            ("n_repeated", copies),
            ("n_samples", 8300),
            ("shuffle", False),
        ),
        transforms=(("standardise", 0), ("two_units", 8.0)),
    )


_BASELINE = Trial(
    _classes(20),
    hidden=(64,),
    lr=0.001,
    batch_size=32,
    epochs=12,
    explanation="first_layer_weights",
)
_RANDOM = Fix(
    name="randomised",
    family="control",
    apply=partial(explained, name="randomised"),
    label="An explanation of random weights",
    claim="What is said of a network that has learnt nothing cannot help.",
    strength="randomised",
)


def _told_more(trial):
    data = replace(trial.data, rows=5 * trial.data.rows)
    longer = replace(trial, data=data, epochs=max(1, trial.epochs // 2))
    return explained(longer, "permutation", repeats=10)


def _grouped(trial):
    data = replace(trial.data, rows=5 * trial.data.rows)
    longer = replace(trial, data=data, epochs=max(1, trial.epochs // 2))
    return explained(longer, "grouped_permutation")


def _controls(positive, strength, label, claim):
    known = Fix(
        name="known_to_work",
        family="control",
        apply=positive,
        label=label,
        claim=claim,
        strength=strength,
    )
    return Controls(placebo=PLACEBO, wrong_mechanism=_RANDOM, positive=known)


_MORE_ROWS = partial(
    _controls,
    claim="A network that has seen more uses what matters, and shuffling shows it.",
)


_TREE = _controls(
    partial(explained, name="small_tree", depth=8),
    "small tree, depth 8",
    "A tree of depth 8 instead of the network",
    "What no question of the tree reads cannot change its answer.",
)
_FEW_WEIGHTS = _controls(
    partial(explained, name="sparse_linear", penalty=0.3),
    "sparse linear, penalty 0.3",
    "A linear model of a few inputs instead of the network",
    "What has no weight cannot change its answer.",
)


def _question(name, title, summary, **declared):
    """What the questions share: yardstick, seeds, papers."""
    shared = {"delta": 0.05, "seeds": (8, 12), "references": _REFERENCES}
    return Scenario(name=name, title=title, summary=summary, **(shared | declared))


_DUPLICATES = _question(
    "poor_interpretability.duplicates",
    "Inputs that tell the same",
    "Ten inputs are copies of others that matter. Where one is shuffled alone, the"
    " network still has its copy.",
    baseline=replace(_BASELINE, data=_classes(30, copies=10)),
    symptom=_KNOWN,
    controls=_MORE_ROWS(
        _grouped,
        "grouped permutation, 5 times the rows, 6 epochs",
        "Groups shuffled together, 5 times the rows",
    ),
    metric=_RANKING,
)

_REGRESSION = _question(
    "poor_interpretability.regression",
    "Which inputs of a regression matter",
    "Five of twenty inputs make the target, by a wave of two, a parabola and two lines."
    " All are on one scale, and the sizes of weights still mislead.",
    baseline=Trial(
        Dataset(
            "friedman1",
            rows=500,
            validation=256,
            test=512,
            options=(("n_features", 20), ("n_samples", 3300)),
            transforms=(("standardise", 0),),
        ),
        hidden=(32,),
        loss="mse",
        lr=0.01,
        batch_size=32,
        epochs=40,
        explanation="first_layer_weights",
    ),
    symptom=_KNOWN,
    controls=_MORE_ROWS(
        _told_more,
        "permutation, 10 repeats, 5 times the rows, 20 epochs",
        "Permutation importance, 5 times the rows",
    ),
    metric=_RANKING,
    seeds=(10, 16),
)

_DIGITS = _question(
    "poor_interpretability.digits",
    "Which pixels of a digit matter",
    "Nobody knows which pixels a network should look at. So an explanation is judged by"
    " what happens to accuracy as the pixels it names are taken away.",
    baseline=Trial(
        Dataset(
            "digits",
            rows=1000,
            validation=400,
            test=300,
            transforms=(("min_max", 0),),
        ),
        hidden=(32,),
        lr=0.003,
        batch_size=32,
        epochs=15,
        explanation="first_layer_weights",
    ),
    symptom=_UNKNOWN,
    controls=_TREE,
    metric=_FAITHFULNESS,
)

_TUMOURS = _question(
    "poor_interpretability.tumours",
    "Which measurements of a tumour matter",
    "Thirty measurements of tumours, many of which tell the same. Each training finds"
    " other ones important, and none of them is wrong.",
    baseline=Trial(
        Dataset(
            "breast_cancer",
            rows=350,
            validation=119,
            test=100,
            transforms=(("standardise", 0),),
        ),
        hidden=(32,),
        lr=0.003,
        batch_size=32,
        epochs=20,
        explanation="first_layer_weights",
    ),
    symptom=_UNKNOWN,
    controls=_FEW_WEIGHTS,
    metric=_FAITHFULNESS,
)

SCENARIO = _question(
    "poor_interpretability",
    "Poor interpretability",
    "A network classifies well, and the sizes of its first-layer weights are read as"
    " importance. Every second input is in a smaller unit, so its numbers are 8 times"
    " as large, and the weights name inputs that cannot matter.",
    baseline=_BASELINE,
    symptom=_KNOWN,
    controls=_MORE_ROWS(
        _told_more,
        "permutation, 10 repeats, 5 times the rows, 6 epochs",
        "Permutation importance, 5 times the rows",
    ),
    metric=_RANKING,
    seeds=(12, 16),
    parts=(_DUPLICATES, _REGRESSION, _DIGITS, _TUMOURS),
)
