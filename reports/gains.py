"""Results as the pages draw them: one number an effect, one name the best fix."""

_VERDICTS = {"too small to matter": "no effect"}


def as_gains(result):
    """The result and its parts, each effect replaced by its gain."""
    best = result["best"]
    fixes = [
        fix
        | {
            "effect": fix["gain"],
            "verdict": _VERDICTS.get(fix["verdict"], fix["verdict"]),
        }
        if isinstance(fix.get("effect"), dict) or "gain" in fix
        else fix
        for fix in result["fixes"]
    ]
    return result | {
        "fixes": fixes,
        "best": next(iter(best["fixes"]), None) if isinstance(best, dict) else best,
        "parts": [as_gains(part) for part in result.get("parts") or ()],
    }
