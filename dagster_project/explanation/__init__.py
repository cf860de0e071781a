"""Explain one number: from a score down to the cells of the raw files it is made of.

Everything is read from the files of one revision; only `check` opens raw files. `Revision`
loads them once and explains any region:

    explanation = Revision(folder).explain("510100")

The shape of an explanation, and of `govindex explain --json`:

    framework, edition, revision, synthetic, object_group, region_code, region_name,
    band, grade, bands_note (what readers of them have to know, or null), provisional,
    regions (how many are ranked), path (codes from the total),
    excluded (corrections that left out a row of this region)
    node: an indicator
        code, name, name_en, definition, level
        score, max_score, score_rate, rank, status, collected_share   as published
        weight, weight_share        as the method states it; share of the parent
        provenance                  where name and weight come from; published, or as
                                    indicator_tree.csv says
        effective_share             the same after the weights of missing parts were rescaled;
                                    of a geometric or harmonic mean the share in the arithmetic
                                    mean that gives the same
        contribution                effective_share x score_rate x the parent's max_score: the
                                    contributions of the children add up to the score, before
                                    it is rounded where the method rounds
        rounding                    how the rate is rounded, as the method states it
        formula: kind (formula, rescale, no_score, share_needed), words, words_en, sql, file
        recomputed                  the score as file gives it from what stands below
        closes                      whether both agree with the published score (1e-9)
        why                         why there is no score: code, zh, en; or null
        children: indicators        points: of an indicator of the lowest level
    a point
        code, name, name_en, type, unit, looked_for, looked_for_en
        value, status, chosen_by (technical, manual, verified)
        rule, rule_en               how its readings become its value
        recomputed, closes          the value as sql/point_values.sql gives it
        why                         why it has no value, or that it is a true zero
        readings                    quarantined: cells that kept readings of it out
    a reading
        kind, round, assessor, value (as read), number, status
        counts, set_aside (why not), evidence, note, read_at
        place: file, sha256, sheet, row, column
        corrections: column, before, after, reason, source
"""

from dagster_project.explanation.check import Checked, check
from dagster_project.explanation.trace import Explanation, Revision

__all__ = ["Checked", "Explanation", "Revision", "check"]
