"""Whether an edition agrees with what was published before it was computed here."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Conformance:
    """Published figures and how many the computation meets, by kind of figure.

    figures: {kind: (figures that agree, all figures)}. differing: the others, as rows of
    the reconciliation.
    """

    figures: dict[str, tuple[int, int]]
    differing: pd.DataFrame

    @property
    def conforms(self) -> bool:
        """Whether no figure differs; also true where nothing was published."""
        return self.differing.empty

    @property
    def summary(self) -> str:
        """As `337 of 337 egi`."""
        if not self.figures:
            return "nothing published to compare with"
        return ", ".join(
            f"{agree} of {total} {kind}" for kind, (agree, total) in self.figures.items()
        )


def conformance_of(reconciliation: pd.DataFrame | None) -> Conformance:
    """Counts the verdicts of a reconciliation; None where a framework has none."""
    if reconciliation is None:
        return Conformance({}, pd.DataFrame())
    differs = reconciliation["verdict"] == "differs"
    counted = differs.groupby(reconciliation["figure"]).agg(["sum", "size"])
    return Conformance(
        {
            str(kind): (int(row["size"] - row["sum"]), int(row["size"]))
            for kind, row in counted.iterrows()
        },
        reconciliation[differs],
    )
