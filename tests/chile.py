"""What the tests of Chile's index know of its assets, in lists written by hand."""

from dagster_project.frameworks import framework

CHILE = framework("chile_egi")
EDITIONS = ["2016", "2019", "2021"]
LANDED = {"websites", "published_scores"}
STAGED = {"websites", "published_scores", "cleaning", "regions"}
ITEMS = {
    "citizen",
    "digital_certificate",
    "followup",
    "forms",
    "mobile",
    "news",
    "part",
    "payments",
    "phone",
    "socialmedia",
    "streetmap",
    "transac",
    "transport",
    "webmap",
}
MEASURED = {"readings", "point_values"}
GROUPS = {"presence", "information", "interaction", "transaction", "participation"}
TABLES = {"indicator_tree", "indicator_scores", "rankings", "reconciliation"}
STATISTICS = {
    "comparable_figures",
    "score_statistics",
    "change_statistics",
    "collection_statistics",
    "statistics",
}
# Above every indicator.
ABOVE = {"total", "region_types", "published"} | TABLES | STATISTICS
# Of the next edition, because it is compared with this one.
NEXT = {"change_statistics", "statistics", "published"}


def every(names, editions=EDITIONS):
    return {(name, edition) for name in names for edition in editions}


def edit_model(manifest, name, old, new):
    node = manifest["nodes"][f"model.govindex.chile_egi__{name}"]
    assert old in node["raw_code"]
    node["raw_code"] = node["raw_code"].replace(old, new)


def edit_macro(manifest, name, old, new):
    macro = manifest["macros"][f"macro.govindex.{name}"]
    assert old in macro["macro_sql"]
    macro["macro_sql"] = macro["macro_sql"].replace(old, new)
