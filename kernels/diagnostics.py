"""What a training tells about itself, at every step and layer."""

from dataclasses import dataclass

import numpy as np

from . import watch


@dataclass(frozen=True)
class Diagnostics:
    """float64[steps, layers] each, in the order of `Network.nodes`; NaN where a layer
    has no parameters or activates nothing.

    loss, float64[steps]: mean over the batch's rows, before the update. gradient_norm:
    L2 norm of the batch's mean gradient, penalties included, before clipping.
    sample_norm: root mean square over rows of the norm of a row's own gradient; like
    signal and noise it is NaN of layers that never form it: convolutions, norms,
    embeddings, attention, and dense layers on tokens. Of recurrences it costs the
    square of the steps.
    update_ratio: |step| / |parameters|. dead_units: share of units active on less than
    1 % of the batch's rows; saturated: share of activations without slope (a slope
    below 0.05 counts as none, in both). signal: |G|^2, the true gradient's squared
    norm, and noise: S, the trace of the covariance of a row's gradient, both unbiased
    and therefore noisy, signal even negative; NaN for batches of one row.
    Source: McCandlish et al. (2018), appendix A.1, with a small batch of one row.
    """

    loss: np.ndarray
    gradient_norm: np.ndarray
    sample_norm: np.ndarray
    update_ratio: np.ndarray
    dead_units: np.ndarray
    saturated: np.ndarray
    signal: np.ndarray
    noise: np.ndarray

    def noise_scale(self, last=None):
        """S / |G|^2 of all layers together, over the last steps (None: all of them).

        Rows a batch from which on more rows hardly help; numerator and denominator are
        averaged each by itself. Infinite where no signal is left. McCandlish et al.
        (2018), eq. 2.9.
        """
        steps = slice(None if last is None else -last, None)
        noise = np.nanmean(np.nansum(self.noise[steps], axis=1))
        signal = np.nanmean(np.nansum(self.signal[steps], axis=1))
        return float(noise / signal) if signal > 0 else np.inf

    def signal_to_noise(self, last=None):
        """float64[layers]: |G|^2 / S of each layer, averaged as in `noise_scale`."""
        steps = slice(None if last is None else -last, None)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = [
                part[steps].mean(axis=0)
                if len(part)
                else np.full(part.shape[1], np.nan)
                for part in (self.signal, self.noise)
            ]
            return np.maximum(means[0], 0.0) / means[1]


def diagnostics_of(net, records, batch_rows, summed):
    """The `Diagnostics` of records float64[steps, layers, ENTRIES].

    batch_rows: int64[steps]; summed: the gradient is the rows' sum, not their mean.
    """
    rows = batch_rows[:, None].astype(np.float64)
    has_parameters = np.array([node.size > 0 for node in net.nodes])
    activates = np.array([node.activation != "identity" for node in net.nodes])
    units = np.array([node.outputs for node in net.nodes])
    entries = np.moveaxis(records, 2, 0)
    square = entries[watch.GRADIENT] / (rows**2 if summed else 1.0)
    samples = entries[watch.SAMPLES]
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = np.sqrt(entries[watch.MOVED]) / np.sqrt(entries[watch.WEIGHTS])
        signal = np.where(rows > 1, (rows * square - samples) / (rows - 1), np.nan)
        noise = np.where(rows > 1, (samples - square) / (1 - 1 / rows), np.nan)

    def only(values, layers):
        return np.where(layers, values, np.nan)

    return Diagnostics(
        loss=entries[watch.LOSS, :, 0],
        gradient_norm=only(np.sqrt(square), has_parameters),
        sample_norm=only(np.sqrt(samples), has_parameters),
        update_ratio=only(moved, has_parameters),
        dead_units=only(entries[watch.DEAD] / units, activates),
        saturated=only(entries[watch.SATURATED], activates),
        signal=only(signal, has_parameters),
        noise=only(noise, has_parameters),
    )
