"""What a hidden layer makes of images, as points in a plane."""

from ....kernels.threads import one_blas_thread
from ..explained_network import first_seed, shown
from ..history.parts import front

_ROWS, _PERPLEXITY = 150, 20


def exhibit(evidence):
    """Points of test images by PCA and t-SNE of the hidden layer.

    Source: Pearson (1901), On lines and planes of closest fit; van der Maaten & Hinton
    (2008), Visualizing data using t-SNE, JMLR 9. Computed by scikit-learn.
    """
    trial, seed = evidence.scenario.baseline, first_seed(evidence)
    if trial.explanation is None or trial.data.name != "digits" or seed is None:
        return [], []
    found = shown(trial, seed)
    x = found.rows.x_test[:_ROWS]
    digits = found.rows.y_test[:_ROWS, 0].astype(int)
    before, beginning = front(found.net, found.params, 1)
    hidden = before.predict(beginning, x)
    panels = [
        ("PCA", _pca(hidden)),
        ("t-SNE", _tsne(hidden)),
    ]
    return [], [
        {
            "kind": "points",
            "title": "Test images as the hidden layer sees them",
            "sentence": f"{len(x)} test images, each as its digit, by the activations"
            f" of {hidden.shape[1]} hidden units. PCA shows the two directions of"
            " largest variance. t-SNE keeps neighbours together; its distances between"
            " groups mean nothing.",
            "panels": [
                {"label": label, "x": _short(at[:, 0]), "y": _short(at[:, 1])}
                for label, at in panels
            ],
            "classes": digits.tolist(),
        }
    ]


def _short(values):
    return [round(float(value), 3) for value in values]


def _pca(x):
    from sklearn.decomposition import PCA

    return PCA(2, svd_solver="full").fit_transform(x.astype(float))


def _tsne(x):
    from sklearn.manifold import TSNE

    how = {"perplexity": _PERPLEXITY, "init": "pca", "random_state": 0, "n_jobs": 1}
    with one_blas_thread():
        return TSNE(2, method="exact", max_iter=500, **how).fit_transform(
            x.astype(float)
        )
