"""`gradclinic diagnose`: what is wrong with training on a table, and what helps."""

from pathlib import Path

import click

from ..errors import UsageError
from . import options as option


def _widths(_context, _parameter, value):
    """64,64 as a tuple of whole numbers."""
    if value is None:
        return None
    try:
        widths = tuple(int(part) for part in value.split(","))
    except ValueError as error:
        raise UsageError(
            f"--network {value}: give the units of each layer, such as 64,64."
        ) from error
    if not all(0 < width <= 4096 for width in widths):
        raise UsageError(f"--network {value}: a layer has 1 to 4096 units.")
    return widths


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option(
    "--curves",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="In the place of a table: curves that were logged elsewhere, a CSV or TSV file"
    " with columns for epoch or step, training and validation loss, such as Keras and"
    " Lightning write; trainer_state.json of Hugging Face; or a TensorBoard event file,"
    " for which there is the extra tensorboard.",
)
@click.option("--target", metavar="COLUMN", help="The column to predict.")
@click.option(
    "--task",
    type=click.Choice(["classification", "regression"]),
    help="What the target is.  [default: found from it]",
)
@click.option(
    "--metric",
    metavar="NAME",
    help="What fixes are judged by: log_loss, accuracy, balanced_accuracy, f1, roc_auc;"
    " rmse, mae, r2.  [default: log_loss, accuracy on few rows, balanced_accuracy with"
    " a rare class; rmse]",
)
@click.option("--group", metavar="COLUMN", help="Rows of one value stay together.")
@click.option("--time", metavar="COLUMN", help="Judge on later rows than those learnt.")
@click.option(
    "--network",
    metavar="64,64",
    callback=_widths,
    help="Units of the hidden layers of the network.  [default: 64,64]",
)
@click.option(
    "--lr",
    type=click.FloatRange(min=0, min_open=True),
    metavar="RATE",
    help="Its learning rate.  [default: 0.001]",
)
@click.option("--optimizer", metavar="NAME", help="Its optimizer.  [default: adam]")
@option.count("--epochs", "Its passes over the rows.  [default: for 2,500 steps]")
@option.count("--memory", "Bytes that training may take.")
@option.count("--sample", "Rows that are looked at.  [default: at most 20,000]")
@option.count(
    "--budget", "Start nothing new after so many seconds; what is left is said."
)
@option.several("--mute", "mute", "Leave out a check by its code", metavar="CODE")
@option.seed("splits and all other randomness follow")
@option.count("--threads", "Runs at a time.  [default: all processors]")
@option.out("the page, its numbers, pictures and prescription")
@option.as_json
@option.several(
    "--fail-on",
    "fail_on",
    "Exit with 1 on any trouble (trouble), on a better simple model (baseline), or on"
    " one trouble by its code",
    metavar="WHAT",
)
@click.option(
    "--explain",
    metavar="TROUBLE",
    help="Print the numbers behind the verdict on one trouble, such as overfitting.",
)
@option.show
def command(
    file: str | None,
    curves: Path | None,
    out: Path,
    as_json: bool,
    fail_on: tuple[str, ...],
    explain: str | None,
    show: bool,
    **asked,
) -> int:
    """Find what is wrong with training on a table, and which fixes help.

    FILE is a CSV, TSV, parquet, Arrow, Feather or NPZ file, or the name of a data set
    of scikit-learn, such as wine. The table is checked, a network is trained beside
    simple models, every detector is asked, and every fix that applies is tried on the
    same splits. Writes diagnose.html, diagnose.json, prescription.toml and figures.

    With --curves FILE, the curves of a training that ran elsewhere: names overfitting,
    underfitting, slow training, divergence and oscillation where they show them, and
    what to log for the other troubles. Writes curves.html, curves.json and figures.
    """
    if (file is None) == (curves is None):
        raise click.UsageError("Name the FILE of a table, or curves by --curves FILE.")
    if explain is not None:
        from ..evidence_told import check_explained

        check_explained(explain, curves is not None)
    if curves is not None:
        from ..curves_told import diagnose_curves
        from ..studies.curves_logged import read_curves

        log = read_curves(curves)
        option.check_folder(out)
        code = diagnose_curves(curves, log, out, as_json, fail_on)
    else:
        option.check_folder(out)
        from ..diagnosed import diagnose_file

        code = diagnose_file(str(file), out, as_json, fail_on, asked)
    if explain is not None:
        from ..evidence_told import evidence_lines, verdicts_in

        kind = "curves" if curves else "diagnose"
        for line in evidence_lines(explain, verdicts_in(out / f"{kind}.json")):
            click.echo(line, err=as_json)
    if show:
        option.open_page(out / ("curves.html" if curves else "diagnose.html"))
    return code
