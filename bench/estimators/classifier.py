"""A classifier: softmax for classes, one logistic output for two, or one a label."""

import numpy as np
from scipy.special import expit, softmax
from sklearn.base import ClassifierMixin
from sklearn.utils import column_or_1d, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from .network_estimator import NetworkEstimator, partial


class GradClinicClassifier(ClassifierMixin, NetworkEstimator):
    """A network of dense layers that tells classes apart.

    Parameters have the names and the meaning of `sklearn.neural_network.MLPClassifier`
    where it has them; the others are ours.

    hidden_layer_sizes: widths of the hidden layers. activation: a key of
    `gradclinic.kernels.activations.ACTIVATIONS`, or "logistic" for "sigmoid".
    initialiser: of the weights, a key of `INITIALISERS`; the default is
    MLPClassifier's, "he_normal" suits deep networks of rectifiers. solver: a key of
    `OPTIMIZERS` or `MINIMISERS`; "sgd" is plain, and "nesterov" what MLPClassifier
    calls so. solver_options: the solver's hyper-parameters by name.
    alpha: strength of the penalty alpha / (2 b) |w|^2 on the weights, b rows a step;
    l1_ratio: the share of |w| in it, from 0 to 1 (Zou & Hastie 2005). dropout: rate
    behind each hidden layer. clip_norm: the gradient's largest norm. batch_size: rows a
    step; "auto" is 200, or all. learning_rate: a key of `SCHEDULES`, its options by
    name in learning_rate_options. learning_rate_init: None for the solver's own, 0.001
    for "adam". max_iter: most epochs. tol, n_iter_no_change: training ends where the
    loss, of the training rows or of those held out, was for more than so many epochs
    not better by tol; the parameters of the best epoch are kept; tol=None trains all
    epochs. early_stopping: hold out validation_fraction of the rows for that.
    warm_start: `fit` begins with the parameters at hand. class_weight: None,
    "balanced" or {class: weight}. random_state: int, RandomState or None; an int gives
    the same network on any number of threads. verbose: say how a training ended.

    y: class labels [rows] of any type, or 0 and 1 [rows, labels], several labels a row.
    The dtype of X, float64 or float32, is that of all that is computed; float32 is
    faster. Sparse X is refused.

    Attributes: classes_, n_features_in_, feature_names_in_, network_ (`Network`),
    params_ float[n], coefs_, intercepts_, n_iter_, loss_, loss_curve_ and best_loss_
    (means over an epoch), validation_loss_curve_, status_ ("ok", "stopped_early",
    "diverged"), n_layers_, n_outputs_.
    """

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        *,
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
        class_weight=None,
        random_state=None,
        verbose=False,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.initialiser = initialiser
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
        self.class_weight = class_weight
        self.random_state = random_state
        self.verbose = verbose

    @partial
    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """One epoch on X and y; the solver goes on where it stood.

        classes: all there will be, needed at the first call. Errors as of `fit`.
        """
        if not hasattr(self, "params_") and classes is None:
            raise ValueError("classes must be passed on the first call to partial_fit.")
        known = None if classes is None else np.unique(np.asarray(classes))
        if hasattr(self, "params_") and known is not None:
            if not np.array_equal(known, self.classes_):
                raise ValueError(
                    f"classes={classes!r} are not those of the first call, which were"
                    f" {self.classes_!r}"
                )
        return self._partial_fit(X, y, sample_weight, classes=known)

    def predict(self, X):
        """The labels of X float[rows, i]: [rows], or 0 and 1 [rows, labels]."""
        out = self._out(X)
        if self._several:
            return (out > 0).astype(int)
        if out.shape[1] == 1:
            return self.classes_[(out[:, 0] > 0).astype(int)]
        return self.classes_[out.argmax(axis=1)]

    def decision_function(self, X):
        """The logits of X: float[rows] of the second of two classes, else columns.

        A class, or a label, is predicted where its logit is the highest, or above 0.
        """
        out = self._out(X)
        return out[:, 0] if out.shape[1] == 1 and not self._several else out

    def predict_proba(self, X):
        """float[rows, classes] that add up to 1; of several labels each by itself."""
        out = self._out(X)
        if self._several:
            return expit(out)
        if out.shape[1] == 1:
            share = expit(out[:, 0])
            return np.column_stack([1 - share, share])
        return softmax(out, axis=1)

    def predict_log_proba(self, X):
        """The logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def _read_targets(self, y, first, classes=None):
        check_classification_targets(y)
        several = type_of_target(y) == "multilabel-indicator"
        if not several:
            y = column_or_1d(y, warn=True)
        if first:
            self._several = several
            labels = np.arange(y.shape[1]) if several else np.unique(y)
            self.classes_ = labels if classes is None else classes
            if not several and len(self.classes_) < 2:
                raise ValueError(
                    "A classifier needs at least two classes; y holds one class,"
                    f" {self.classes_.tolist()[0]!r}."
                )
        if several != self._several:
            raise ValueError(
                "y must hold labels as in the first fit: one or several a row"
            )
        if several:
            if y.shape[1] != len(self.classes_):
                raise ValueError(
                    f"y has {y.shape[1]} labels a row, and had {len(self.classes_)}"
                )
            return y.astype(float), None
        return self._numbers(y), y

    def _numbers(self, y):
        """The place of each label's class, float[rows]; ValueError on another label."""
        places = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        strange = self.classes_[places] != y
        if strange.any():
            raise ValueError(
                f"y holds the class {y[strange].tolist()[0]!r}, which was not there at"
                f" first: {self.classes_.tolist()!r:.200}"
            )
        return places.astype(float)

    def _weigh(self, weights, y):
        if self.class_weight is None:
            return weights
        by_class = compute_sample_weight(self.class_weight, y)
        return by_class if weights is None else weights * by_class

    def _loss_name(self):
        binary = self._several or len(self.classes_) == 2
        return "binary_cross_entropy" if binary else "cross_entropy"

    def _outputs(self):
        return (
            1 if not self._several and len(self.classes_) == 2 else len(self.classes_)
        )

    def _loss_share(self):
        # Ours is the mean over the labels, scikit-learn's their sum.
        return 1 / len(self.classes_) if self._several else 1.0

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
