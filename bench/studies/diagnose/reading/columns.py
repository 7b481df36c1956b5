"""One column of a table: what kind it is, and its values as that kind."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

# Share of the texts of a column that must be numbers, or dates, for it to be such.
_NUMERIC, _DATES = 0.8, 0.95
# Categories beyond which a column of text is not encoded.
MOST_CATEGORIES = 50
_MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "?", "missing", "unknown"}


@dataclass(frozen=True)
class Column:
    """A feature. kind: `number`, `category`, `time` (seconds) or `text`.

    values: float[n] of numbers and times, NaN where missing; else object[n] of str,
    None where missing. whole: are all numbers whole? rubbish: {text: count} of entries
    that are no number in a column of numbers; infinite: how many entries were.
    """

    name: str
    kind: str
    values: np.ndarray
    whole: bool = False
    rubbish: tuple[tuple[str, int], ...] = ()
    infinite: int = 0

    @property
    def missing(self) -> np.ndarray:
        """bool[n]"""
        if self.values.dtype.kind == "f":
            return np.isnan(self.values)
        return np.array([value is None for value in self.values], dtype=bool)

    @property
    def codes(self) -> np.ndarray:
        """float[n]: the values, or numbers that tell texts apart; NaN where missing."""
        import pandas as pd

        if self.values.dtype.kind == "f":
            return self.values
        codes, _ = pd.factorize(self.values)
        return np.where(codes < 0, np.nan, codes)


def column_of(name: str, series: Any) -> Column:
    """The `Column` of a pandas Series."""
    import pandas as pd

    kind = series.dtype.kind
    if kind in "biuf" or pd.api.types.is_bool_dtype(series.dtype):
        return _numbers(name, series.to_numpy(np.float64, na_value=np.nan))
    if kind in "mM" or isinstance(series.dtype, pd.DatetimeTZDtype):
        return Column(name, "time", _seconds(series))
    texts = series.astype(object).where(series.notna(), None)
    if all(value is None or isinstance(value, bool) for value in texts):
        return _numbers(
            name, np.array([np.nan if v is None else v for v in texts], float)
        )
    return _from_texts(name, [None if v is None else str(v).strip() for v in texts])


def _numbers(name, values, rubbish=()) -> Column:
    infinite = np.isinf(values)
    values = np.where(infinite, np.nan, values)
    known = values[~np.isnan(values)]
    whole = bool(known.size and (known == np.round(known)).all())
    return Column(name, "number", values, whole, rubbish, int(infinite.sum()))


def _from_texts(name, texts) -> Column:
    import pandas as pd

    said: Any = pd.Series(texts, dtype=object)
    empty = np.array([t is None or t.lower() in _MISSING for t in texts], dtype=bool)
    known = said[~empty]
    if not len(known):
        return _numbers(name, np.full(len(texts), np.nan))
    parsed: Any = pd.to_numeric(said.where(~empty, None), errors="coerce")
    numbers = parsed.to_numpy(float)
    wrong = ~empty & np.isnan(numbers)
    if 1 - wrong.sum() / len(known) >= _NUMERIC:
        strange = said[wrong | (empty & said.notna().to_numpy())].value_counts()
        return _numbers(
            name, numbers, tuple((str(k), int(v)) for k, v in strange.items())
        )
    seconds = _dates(said.where(~empty, None), len(known))
    if seconds is not None:
        return Column(name, "time", seconds)
    values = np.array(
        [None if e else t for e, t in zip(empty, texts, strict=True)], object
    )
    few = known.nunique() <= max(2, min(MOST_CATEGORIES, 0.5 * len(known)))
    return Column(name, "category" if few else "text", values)


def _dates(texts, known):
    """float[n] seconds where nearly all texts are dates, else None."""
    import pandas as pd

    sample = texts.dropna().head(50)
    if not sample.str.contains(r"\d{1,4}[-/.:]\d{1,2}").all():
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas tells how slowly it guesses
        try:
            found = pd.to_datetime(texts, errors="coerce", format="mixed", utc=True)
        except (ValueError, TypeError, OverflowError):
            return None
    if found.notna().sum() < _DATES * known:
        return None
    return _seconds(found)


def _seconds(series):
    """float[n]: seconds since the first, NaN where missing."""
    import pandas as pd

    start = series.min()
    passed = series - start if not pd.isna(start) else series
    if passed.dtype.kind != "m":
        return np.full(len(series), np.nan)
    return passed.dt.total_seconds().to_numpy(np.float64)
