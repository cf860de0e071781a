"""Where names and weights come from, in the words that readers see."""

import pytest

from dagster_project.publication.headings import bases, basis


@pytest.mark.parametrize(
    ("provenance", "zh", "en"),
    [
        ("published", "名称与权重已公布", "Name and weight published"),
        ("assumed", "名称与权重假定", "Name and weight assumed"),
        ("assumed, as in 2019", "假定与 2019 年相同", "Assumed to be as in 2019"),
        (
            "name named, weight inferred",
            *("名称文中列名，权重推定", "Name named in the document, weight inferred"),
        ),
        # A word of a framework of one's own.
        (
            "name measured, weight published",
            "名称measured，权重已公布",
            "Name measured, weight published",
        ),
        ("by decree", "by decree", "by decree"),
    ],
)
def test_a_provenance_in_words(provenance, zh, en):
    assert basis(provenance) == (zh, en)


def test_all_of_a_framework_in_a_sentence():
    assert bases(["published"] * 3) is None
    assert bases([]) is None
    assert bases(["published", "assumed", "assumed"]) == (
        "指标名称与权重的依据：2 项名称与权重假定；1 项名称与权重已公布",
        "Where names and weights of the indicators come from: 2 name and weight assumed; "
        "1 name and weight published",
    )
