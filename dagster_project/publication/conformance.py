"""Whether an edition agrees with what was published before it was computed here."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

# How a summary says each verdict but agreement, in this order.
WORDS = {
    "rounding": "by rounding",
    "within_tolerance": "within tolerance",
    "contradicts": "contradict",
    "unknown_input": "unknown",
    "differs": "differ",
}
# The kind of figures of a reconciliation that has only one.
ONE_KIND = "figures"


@dataclass(frozen=True)
class Conformance:
    """Published figures and what the computation made of them, by kind of figure.

    verdicts: {kind: {verdict: figures}}. differing: the figures that differ, as rows of the
    reconciliation. binding: whether the figures were made of the very data that are computed
    here, so that a first revision has to agree.
    """

    verdicts: dict[str, dict[str, int]]
    differing: pd.DataFrame
    binding: bool = True

    @property
    def conforms(self) -> bool:
        """Whether no figure differs; also true where nothing was published."""
        return self.differing.empty

    @property
    def counted(self) -> dict[str, dict[str, int]]:
        """As a manifest keeps it: {kind: {agree, figures, and each other verdict found}}."""
        return {
            kind: {
                "agree": found.get("agrees", 0),
                "figures": sum(found.values()),
                **{verdict: found[verdict] for verdict in WORDS if found.get(verdict)},
            }
            for kind, found in self.verdicts.items()
        }

    @property
    def summary(self) -> str:
        """As `337 of 337 egi`, or `92 agree, 14 within tolerance, 5 contradict`."""
        return summary_of(self.counted)


def summary_of(counted: Mapping[str, Mapping[str, int]]) -> str:
    """What a manifest keeps of a conformance, in words."""
    if not counted:
        return "nothing published to compare with"
    return ", ".join(_summary_of_kind(kind, found) for kind, found in counted.items())


def _summary_of_kind(kind: str, found: Mapping[str, int]) -> str:
    others = [verdict for verdict in WORDS if found.get(verdict)]
    if set(others) <= {"differs"}:
        return f"{found['agree']} of {found['figures']} {kind}"
    named = "" if kind == ONE_KIND else f" {kind}"
    return ", ".join(
        [
            f"{found['agree']}{named} agree",
            *(f"{found[verdict]} {WORDS[verdict]}" for verdict in others),
        ]
    )


def conformance_of(reconciliation: pd.DataFrame | None, binding: bool = True) -> Conformance:
    """Counts the verdicts of a reconciliation; None where a framework has none."""
    if reconciliation is None:
        return Conformance({}, pd.DataFrame())
    kinds = reconciliation.get("figure", pd.Series(ONE_KIND, index=reconciliation.index))
    counted = pd.crosstab(kinds, reconciliation["verdict"]).to_dict(orient="index")
    verdicts = {
        str(kind): {str(verdict): int(figures) for verdict, figures in found.items() if figures}
        for kind, found in counted.items()
    }
    return Conformance(verdicts, reconciliation[reconciliation["verdict"] == "differs"], binding)
