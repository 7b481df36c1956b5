"""A regressor: one linear output for each target."""

from sklearn.base import RegressorMixin
from sklearn.utils import column_or_1d

from ...kernels.validation import check_choice
from .network_estimator import NetworkEstimator, partial

# The kernels' losses, and what they are beside half the sum of squares.
LOSSES_OF_VALUES = {"squared_error": ("mse", 2.0), "huber": ("huber", 1.0)}


class GradClinicRegressor(RegressorMixin, NetworkEstimator):
    """A network of dense layers that predicts numbers.

    Parameters and attributes are those of `GradClinicClassifier`, without the classes;
    those of `sklearn.neural_network.MLPRegressor` mean the same here. loss:
    "squared_error", or "huber" (Huber 1964), which large errors pull less. y: float
    [rows] or [rows, targets]; targets far from a spread of 1 take long to learn:
    `sklearn.compose.TransformedTargetRegressor` scales them.
    """

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
        loss="squared_error",
        initialiser="glorot_uniform",
        solver="adam",
        solver_options=None,
        alpha=0.0001,
        l1_ratio=0.0,
        dropout=0.0,
        clip_norm=None,
        batch_size="auto",
        learning_rate="constant",
        learning_rate_options=None,
        learning_rate_init=None,
        max_iter=200,
        tol=1e-4,
        n_iter_no_change=10,
        early_stopping=False,
        validation_fraction=0.1,
        warm_start=False,
        random_state=None,
        verbose=False,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.initialiser = initialiser
        self.loss = loss
        self.solver = solver
        self.solver_options = solver_options
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.dropout = dropout
        self.clip_norm = clip_norm
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_options = learning_rate_options
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    @partial
    def partial_fit(self, X, y, sample_weight=None):
        """One epoch on the rows; the solver goes on where it stood. Errors: `fit`'s."""
        return self._partial_fit(X, y, sample_weight)

    def predict(self, X):
        """The targets of X float[rows, i]: float[rows], or float[rows, targets]."""
        out = self._out(X)
        return out if self._columns else out[:, 0]

    def _read_targets(self, y, first):
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        columns = y.shape[1] if y.ndim == 2 else 0
        if first:
            self._columns = columns
        if columns != self._columns:
            raise ValueError(
                f"y has {max(columns, 1)} targets, and had {max(self._columns, 1)}"
            )
        return y.astype(float), None

    def _loss_name(self):
        return LOSSES_OF_VALUES[check_choice("loss", self.loss, LOSSES_OF_VALUES)][0]

    def _outputs(self):
        return self._columns or 1

    def _loss_share(self):
        # scikit-learn's gradient is that of the sum over targets, ours of their mean.
        return LOSSES_OF_VALUES[self.loss][1] / self._outputs()

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
