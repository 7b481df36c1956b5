"""Code that reads, cuts and encodes the rows."""

from ..gaps import WAYS, way_of
from .code import Recipe, balanced, call, power

# What each transform of a trial is in scikit-learn, fitted without the targets.
STEPS = {
    "standardise": "StandardScaler()",
    "min_max": "MinMaxScaler()",
    "whitened": "StandardScaler(), PCA(whiten=True)",
    "ranked": 'QuantileTransformer(n_quantiles=100, output_distribution="normal")',
    "pca": "PCA({0:g})",
    "polynomial": "PolynomialFeatures({0:g}, include_bias=False)",
    "fourier": 'RBFSampler(gamma="scale", n_components={0:g}, random_state=0)',
}
_HOMES = {
    "StandardScaler": "preprocessing",
    "MinMaxScaler": "preprocessing",
    "QuantileTransformer": "preprocessing",
    "PolynomialFeatures": "preprocessing",
    "OneHotEncoder": "preprocessing",
    "PCA": "decomposition",
    "RBFSampler": "kernel_approximation",
    "SimpleImputer": "impute",
    "IterativeImputer": "impute",
}


def rows_code(recipe: Recipe) -> str:
    """x_train, y_train, x_valid, y_valid as float32 and int64 or float32 arrays."""
    steps = [STEPS[n].format(a) for n, a in recipe.trial.data.transforms]
    name, settings = WAYS[way_of(recipe.trial)]
    columns = [f"({call(name, **settings)}, numbers)"]
    one_hot = "OneHotEncoder(max_categories=20, "
    one_hot += 'handle_unknown="infrequent_if_exist", sparse_output=False)'
    if recipe.categories:
        columns.append(f"({one_hot}, categories)")
    chain = [f"make_column_transformer({', '.join(columns)})", *steps]
    out = [recipe.target, *recipe.leave_out]
    lines = [
        *_imports(recipe, " ".join(chain)),
        "",
        f"target = {recipe.target!r}",
        f"table = {recipe.read}.dropna(subset=[target])",
        f"leave_out = {out!r}",
        f"categories = {list(recipe.categories)!r}",
        "numbers = [c for c in table if c not in leave_out + categories]",
    ]
    if recipe.coerced:
        coerce = 'table[numbers].apply(pd.to_numeric, errors="coerce")'
        lines.append(f"table[numbers] = {coerce}")
    if recipe.categories:
        lines.append(
            'table[categories] = table[categories].fillna("(missing)").astype(str)'
        )
    stratify = ", stratify=table[target]" if recipe.classes else ""
    lines += [
        "train, valid = train_test_split(table, test_size=0.2,"
        f" random_state={recipe.seed}{stratify})",
        f"prepare = make_pipeline({', '.join(chain)})",
        'x_train = prepare.fit_transform(train).astype("float32")',
        'x_valid = prepare.transform(valid).astype("float32")',
        *_targets(recipe),
    ]
    return "\n".join(lines)


def _imports(recipe, used):
    names = [name for name in _HOMES if f"{name}(" in used]
    homes = {_HOMES[name]: [] for name in names}
    for name in sorted(names):
        homes[_HOMES[name]].append(name)
    data = ["from sklearn import datasets"] if "datasets." in recipe.read else []
    return [
        "import numpy as np",
        "import pandas as pd",
        *data,
        "from sklearn.compose import make_column_transformer",
        *(
            ["from sklearn.experimental import enable_iterative_imputer  # noqa"]
            * ("IterativeImputer" in names)
        ),
        "from sklearn.model_selection import train_test_split",
        "from sklearn.pipeline import make_pipeline",
        *(
            f"from sklearn.{home} import {', '.join(n)}"
            for home, n in sorted(homes.items())
        ),
    ]


def _targets(recipe):
    if not recipe.classes:
        return [
            "centre, spread = train[target].mean(), train[target].std(ddof=0)",
            "y_train, y_valid = [((part[target] - centre) / spread)"
            '.to_numpy("float32")[:, None] for part in (train, valid)]',
        ]
    kind = ".astype(str)" if recipe.text_classes else ""
    lines = [
        f"classes = np.unique(table[target]{kind})",
        "y_train, y_valid = [np.searchsorted(classes, part[target]"
        f"{kind}) for part in (train, valid)]",
    ]
    if balanced(recipe):
        lines += [
            "counts = np.bincount(y_train)",
            "rows = np.random.default_rng(0).choice(len(y_train), len(y_train),"
            " p=1 / counts[y_train] / (counts > 0).sum())",
            "x_train, y_train = x_train[rows], y_train[rows]",
        ]
    if power(recipe) is not None:
        lines += [
            "counts = np.bincount(y_train)",
            f"weights = (1 / counts[y_train]) ** {power(recipe)!r}",
            'weights = (weights / weights.mean()).astype("float32")',
        ]
    return lines
