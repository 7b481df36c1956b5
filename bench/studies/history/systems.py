"""The systems in the order of their years, and what each mended in those before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....scenarios.trial import Trial
from . import trials


@dataclass(frozen=True)
class System:
    """A system; trials: how it is trained on a task, by the task's name.

    year: in words, as several may count; mended: what it mended in those before. A
    system without trials is set by hand (`threshold`) or learns by a rule of its own
    (`perceptron`): see `training`.
    """

    name: str
    title: str
    year: str
    source: str
    idea: str
    mended: str
    trials: Mapping[str, Trial] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[str, ...]:
        return (*self.own, *self.trials)


SYSTEMS = {
    system.name: system
    for system in (
        System(
            "threshold",
            "Threshold units",
            "1943",
            "McCulloch & Pitts (1943)",
            "A unit fires where enough of its inputs do; weights are set by hand.",
            "First of the row: logic by neurons. Nothing is learned.",
            own=("xor",),
        ),
        System(
            "perceptron",
            "Perceptron",
            "1958",
            "Rosenblatt (1958)",
            "A threshold unit that learns from its mistakes, one a class.",
            "Weights are learned; but only what one plane parts, so XOR is not.",
            own=("xor", "digits", "mnist1d", "mnist1d_shuffled"),
        ),
        System(
            "logistic",
            "Logistic regression",
            "1958",
            "Cox (1958), beside the perceptron",
            "A linear model with probabilities: the yardstick of what needs no layers.",
            "Mistakes are weighed by how sure they were made; still one plane a class.",
            trials.logistic(),
        ),
        System(
            "mlp",
            "Multilayer perceptron",
            "1986",
            "Rumelhart, Hinton & Williams (1986); before them Werbos (1974) and"
            " Linnainmaa (1970)",
            "Hidden layers, trained by backpropagation.",
            "Hidden units find features of their own, so XOR is learned.",
            trials.multilayer(),
        ),
        System(
            "cnn",
            "Convolutional network",
            "1989",
            "LeCun et al. (1989) and (1998); before them Fukushima (1980)",
            "One small filter looks at every place of the image or the curve.",
            "One filter serves every place: what is learned in one holds in all.",
            trials.convolutional(),
        ),
        System(
            "elman",
            "Simple recurrent network",
            "1990",
            "Elman (1990)",
            "A state is fed back, step by step.",
            "Sequences of any length; but gradients vanish over many steps.",
            trials.recurrent("Elman"),
        ),
        System(
            "lstm",
            "Long short-term memory",
            "1997",
            "Hochreiter & Schmidhuber (1997)",
            "Gates decide what a cell keeps, and errors flow through it unchanged.",
            "What lies a hundred steps back can be learned, where the gate that forgets"
            " starts open: its bias starts at 4 in the adding problem and the copy"
            " task.",
            trials.recurrent("LSTM", forget_bias=trials.OPEN),
        ),
        System(
            "dropout",
            "Dropout",
            "2012",
            "Hinton et al. (2012); Srivastava et al. (2014)",
            "A multilayer perceptron of twice the units, half of them left out of each"
            " step at random.",
            "Large networks need not memorise their training rows: no unit can rely on"
            " another to be there.",
            trials.dropping(),
        ),
        System(
            "gru",
            "Gated recurrent unit",
            "2014",
            "Cho et al. (2014)",
            "Two gates in the place of three, and no cell beside the state.",
            "The same with three quarters of the weights.",
            trials.recurrent("GRU"),
        ),
        System(
            "residual",
            "Residual network",
            "2015",
            "He et al. (2015)",
            "Each block adds to its input; 20 dense layers in ten blocks.",
            "Depth: gradients pass the skips, so 20 layers train.",
            trials.residual(),
        ),
        System(
            "attention",
            "Transformer encoder",
            "2017",
            "Vaswani et al. (2017)",
            "Every step looks at every other and takes what it asks for.",
            "No step waits for another, and any two are one layer apart.",
            trials.attending(),
        ),
    )
}
