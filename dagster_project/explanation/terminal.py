"""An explanation as a tree for the terminal: Chinese names, English beside."""

from rich.text import Text
from rich.tree import Tree

from dagster_project.explanation.trace import (
    Correction,
    Explanation,
    Indicator,
    Point,
    Reading,
    Why,
)
from dagster_project.publication.headings import basis

KINDS = {
    "technical": "技术 technical",
    "manual": "人工 manual",
    "verification": "核验 verification",
    "verified": "核验 verification",
}
SET_ASIDE = {
    "not_collected": "未采集 not collected",
    "adjudicated": "裁定取另一读数 another reading was chosen",
    "overruled": "有更优先的读数 a prior reading stands before it",
    "not_verified": "核验无效 verifies nothing",
    "unpaired": "只读了成对点位之一 read only one of two points that go together",
}
STATUS = {"not_found": "未找到 not found", "refused": "拒绝访问 refused", "blank": "空 blank"}


def tree_of(explanation: Explanation, full: bool = False) -> Tree:
    """The tree of an explanation.

    full: with formulas and readings of every point; else these are shown only of an
    indicator of the lowest level that was asked for.
    """
    node = explanation.node
    tree = Tree(_heading(explanation), guide_style="dim")
    for one in explanation.excluded:
        tree.add(_correction(one))
    score = _score(node)
    if node.rank is not None:
        score.append(f"  第 {node.rank} 名 rank of {explanation.regions}")
    branch = tree.add(score)
    if node.children and not full:
        branch.add(_words(node))
    _grow(branch, node, full or not node.children)
    files = _files(node)
    listed = tree.add(Text("原始文件 raw files"))
    for file in sorted(files):
        listed.add(Text(f"{clean(file)}  sha256 {files[file]}", "dim"))
    return tree


def _files(node: Indicator) -> dict[str, str]:
    """Checksums of the raw files that a node is made of."""
    found = {
        reading.place.file: reading.place.sha256
        for point in node.points
        for reading in point.readings
    }
    for child in node.children:
        found |= _files(child)
    return found


def _heading(explanation: Explanation) -> Text:
    text = Text()
    text.append(clean(explanation.region_name), style="bold")
    text.append(f" {explanation.region_code}  {explanation.framework} {explanation.edition}")
    text.append(f"  修订 revision {explanation.revision}")
    if explanation.grade:
        text.append(f"  等级 grade {explanation.grade}")
    if explanation.provisional:
        text.append("  暂定 provisional", style="yellow")
    if explanation.synthetic:
        text.append("  模拟数据 synthetic", style="yellow")
    if explanation.grade and explanation.bands_note:
        text.append(f"\n{clean(explanation.bands_note)}", style="dim")
    return text


def _grow(branch: Tree, node: Indicator, full: bool) -> None:
    if full:
        branch.add(_words(node))
    for child in node.children:
        _grow(branch.add(_score(child)), child, full)
    for point in node.points:
        added = branch.add(_point(point, full))
        for one in point.quarantined if full else []:
            place = f"{one.file}{f' {one.sheet}' if one.sheet else ''}:{one.row}"
            added.add(
                Text(
                    clean(f"隔离 quarantined: {one.column} = {one.value or ''}, {one.reason}")
                ).append(f"  {clean(place)}", style="dim")
            )
        for reading in point.readings if full else []:
            shown = added.add(_reading(reading))
            for correction in reading.corrections:
                shown.add(_correction(correction))
    if full and node.points:
        branch.add(Text(f"{node.formula.file}\n{node.formula.sql}", "dim"))


def _words(node: Indicator) -> Text:
    return Text(f"{clean(node.formula.words)}\n{clean(node.formula.words_en)}", "dim")


def _score(node: Indicator) -> Text:
    text = _name(node.name, node.name_en, node.code)
    if node.score is None or node.score_rate is None:
        text.append("  无得分 no score", style="red")
    else:
        text.append(f"  {node.score:.4g} / {node.max_score:.4g}", style="cyan")
        text.append(f"  得分率 rate {node.score_rate:.1%}")
    if node.weight is not None:
        text.append(f"  权重 weight {node.weight:g}")
    if node.provenance != "published":
        text.append(f"  依据 {' '.join(basis(node.provenance))}", style="dim")
    if node.contribution is not None and node.effective_share is not None:
        if abs(node.effective_share - (node.weight_share or 0)) > 1e-9:
            text.append(f" → {node.effective_share:.1%}", style="yellow")
        text.append(f"  贡献 adds {node.contribution:.4g}")
    _mark(text, node.closes, node.recomputed)
    return _explained(text, node.why)


def _point(point: Point, full: bool) -> Text:
    text = _name(point.name, point.name_en, point.code)
    value = "—" if point.value is None else f"{point.value:.6g}"
    text.append(f"  {value}", style="cyan")
    unit = "天 days" if point.type == "date" else point.unit
    if unit and point.value is not None and unit != "0/1":
        text.append(f" {clean(unit)}")
    _mark(text, point.closes, point.recomputed)
    _explained(text, point.why)
    if full and point.rule and point.readings:
        text.append(f"\n  {clean(point.rule)}；{clean(point.rule_en or '')}", style="dim")
    elif not full and point.readings:
        counted = [one for one in point.readings if one.counts] or point.readings
        text.append(f"  {_place(counted[-1])}", style="dim")
    return text


def _reading(reading: Reading) -> Text:
    text = Text(KINDS.get(reading.kind, reading.kind))
    if reading.round is not None:
        text.append(f" 第 {reading.round} 轮 round")
    if reading.assessor:
        text.append(f" {clean(reading.assessor)}")
    value = reading.value if reading.status == "observed" else STATUS.get(reading.status)
    text.append(f"  {clean(value or reading.status)}", style="cyan")
    if reading.number is not None and reading.value != f"{reading.number:g}":
        text.append(f" = {reading.number:g}")
    if not reading.counts:
        text.stylize("dim")
        text.append(f"  不计 {SET_ASIDE.get(reading.set_aside or '', '')}", style="yellow")
    text.append(f"  {_place(reading)}", style="dim")
    if reading.evidence:
        text.append(f"  {clean(reading.evidence)}", style="dim")
    if reading.note:
        text.append(f"  {clean(reading.note)}", style="dim")
    return text


def _place(reading: Reading) -> str:
    return clean(str(reading.place))


def _correction(one: Correction) -> Text:
    text = Text().append("更正 corrected: ", style="yellow")
    text.append(
        clean(
            f"{one.column} {one.before or '空 blank'} → {one.after or '空 blank'}; {one.reason} "
            f"({one.source})  {one.file}, row {one.row}"
        )
    )
    return text


def _name(name: str, name_en: str, code: str) -> Text:
    text = Text().append(clean(name), style="bold")
    if name_en and name_en != name:
        text.append(f" {clean(name_en)}")
    return text.append(f" [{code}]", style="dim")


def _mark(text: Text, closes: bool, recomputed: float | None) -> None:
    if not closes:
        again = "nothing" if recomputed is None else f"{recomputed:.12g}"
        text.append(f"  ✗ 重算为 recomputed {again}", style="bold red")


def _explained(text: Text, why: Why | None) -> Text:
    if why:
        text.append(f"  {why.zh} {why.en}", style="yellow")
    return text


def clean(text: str) -> str:
    """Text of collected files without what would steer a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
