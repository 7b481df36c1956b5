"""torch.optim.Muon on weight matrices, with torch.optim.AdamW on what is none."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from typing import Any
from unittest import mock

from ..problems import flat_of, tensors_of
from ..reference import Reference
from ..torch_steps import torch_loss

LIBRARIES = ("torch",)
# Away from the defaults, and such that each of them shows.
STRANGE = {
    "lr": 0.01,
    "beta1": 0.7,
    "beta2": 0.95,
    "adam_eps": 1e-2,
    "weight_decay": 0.07,
    "momentum": 0.8,
    "nesterov": 0.0,
    "eps": 0.5,
}
COEFFICIENTS = {"ns_a": 2.0, "ns_b": -1.5, "ns_c": 0.5, "ns_steps": 4.0}
RATES = ("original", "match_rms_adamw", "spectral_unclamped")
REASON = "the code of torch, its products in float64 where it takes bfloat16"


def pair_of(torch, matrices, vectors, options):
    """torch's two optimizers, with our options under their names."""
    both = {k: options[k] for k in ("lr", "weight_decay") if k in options}
    muon = {k: options[k] for k in ("momentum", "eps") if k in options}
    if "ns_a" in options:
        muon["ns_coefficients"] = tuple(options[k] for k in ("ns_a", "ns_b", "ns_c"))
        muon["ns_steps"] = int(options["ns_steps"])
    muon["nesterov"] = bool(options.get("nesterov", True))
    muon["adjust_lr_fn"] = RATES[int(options.get("adjust_lr", 0))]
    adam: dict[str, Any] = {"weight_decay": 0.1}
    if "beta1" in options:
        adam["betas"] = (options["beta1"], options["beta2"])
        adam["eps"] = options["adam_eps"]
    rules = [torch.optim.AdamW(vectors, **{**adam, **both})]
    return rules + ([torch.optim.Muon(matrices, **muon, **both)] if matrices else [])


def muon_steps(options):
    """`Reference.steps`. torch's weights are [outputs, inputs], so ours transposed."""

    def steps(problem):
        import torch

        torch.set_default_dtype(torch.float64)
        tensors = [torch.tensor(t.T.copy()) for t in tensors_of(problem, problem.start)]
        for tensor in tensors:
            tensor.requires_grad_()
        matrices = [tensor for tensor in tensors if tensor.ndim == 2]
        vectors = [tensor for tensor in tensors if tensor.ndim < 2]
        rules = pair_of(torch, matrices, vectors, options)
        while True:
            for rule in rules:
                rule.zero_grad()
            ours = [t.T if t.ndim == 2 else t for t in tensors]
            torch_loss(torch, problem, ours).backward()
            with mock.patch.object(torch.Tensor, "bfloat16", torch.Tensor.clone):
                for rule in rules:
                    rule.step()
            yield flat_of([tensor.detach().numpy().T for tensor in tensors])

    return steps


def row(label, options):
    """A `Reference` of Muon."""
    source = "torch.optim.Muon and AdamW"
    steps = muon_steps(options)
    return Reference("muon", label, source, options, steps, reason=REASON)


REFERENCES = (
    row("defaults", {}),
    row("no nesterov", STRANGE),
    row("coefficients, RMS", {**COEFFICIENTS, "lr": 0.01, "adjust_lr": 1.0}),
    row("spectral", {"lr": 0.01, "adjust_lr": 2.0}),
)
