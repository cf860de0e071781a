"""How regions are found and drawn: pinyin of Chinese names, tiles of China's provinces."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHINESE = re.compile("[\u3400-\u9fff]")
# Readings of place names that pypinyin's dictionary of phrases does not give.
READINGS = {
    "长治": ["chang", "zhi"],
    "长春": ["chang", "chun"],
    "长沙": ["chang", "sha"],
    "朝阳": ["chao", "yang"],
    "漯河": ["luo", "he"],
    "郭勒": ["guo", "le"],
    "孜勒": ["zi", "le"],
    "六安": ["lu", "an"],
    "台州": ["tai", "zhou"],
    "丽水": ["li", "shui"],
    "蚌埠": ["beng", "bu"],
    "亳州": ["bo", "zhou"],
    "重庆": ["chong", "qing"],
    "厦门": ["xia", "men"],
    "儋州": ["dan", "zhou"],
    "莆田": ["pu", "tian"],
    "濮阳": ["pu", "yang"],
    "阜阳": ["fu", "yang"],
    "阜新": ["fu", "xin"],
    "滁州": ["chu", "zhou"],
    "泸州": ["lu", "zhou"],
    "乐山": ["le", "shan"],
    "日喀则": ["ri", "ka", "ze"],
    "吐鲁番": ["tu", "lu", "fan"],
    "成都": ["cheng", "du"],
    "昌都": ["chang", "du"],
    "那曲": ["na", "qu"],
    "大理": ["da", "li"],
    "宿州": ["su", "zhou"],
    "宿迁": ["su", "qian"],
    "陕西": ["shaan", "xi"],
}
# Other ways in which people type them.
ALTERNATES = {
    "六安": ["liuan"],
    "台州": ["taizhou"],
    "陕西": ["shanxi"],
    "呼和浩特": ["huhehaote", "hohhot"],
    "乌鲁木齐": ["wulumuqi", "urumqi"],
    "拉萨": ["lasa", "lhasa"],
    "日喀则": ["shigatse", "xigaze"],
    "吕梁": ["lüliang", "luliang"],
    "鄂尔多斯": ["ordos"],
    "呼伦贝尔": ["hulunbuir"],
    "巴彦淖尔": ["bayannur"],
    "锡林郭勒": ["xilingol"],
    "阿拉善": ["alxa"],
    "阿克苏": ["aksu"],
    "和田": ["hotan"],
    "克拉玛依": ["karamay"],
    "伊犁": ["ili"],
    "林芝": ["nyingchi"],
    "昌都": ["qamdo"],
    "那曲": ["nagqu"],
    "阿里": ["ngari"],
    "甘孜": ["garze"],
    "阿坝": ["ngawa"],
    "百色": ["bose"],
    "吐鲁番": ["turpan"],
    "喀什": ["kashgar"],
    "哈尔滨": ["harbin"],
    "齐齐哈尔": ["qiqihar"],
    "吉林": ["jilin"],
    "漯河": ["tahe"],
    "铅": ["yan"],
}


# Groups of regions that have English names.
WORDS = {
    "东部": "East",
    "中部": "Central",
    "西部": "West",
    "东北": "Northeast",
    "副省级/省会": "Sub-provincial or capital",
    "地级": "Prefecture-level",
    "直辖市": "Municipality",
    "亚洲": "Asia",
    "欧洲": "Europe",
    "非洲": "Africa",
    "美洲": "Americas",
    "大洋洲": "Oceania",
}
# What kind of division a name says it is, and of which nationalities.
KIND = re.compile("(自治州|自治县|地区|林区|市|盟|县|区|州)$")
NATIONALITIES = re.compile(
    "(?<=.)(藏族|羌族|彝族|苗族|侗族|布依族|土家族|壮族|傣族|景颇族|白族|傈僳族|哈尼族|朝鲜族|回族|"
    "蒙古族|蒙古|哈萨克|柯尔克孜)+$"
)


@cache
def _load_readings() -> None:
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[one] for one in read] for word, read in READINGS.items()})


@cache
def syllables(name: str) -> tuple[str, ...]:
    """The syllables of a Chinese name without tones; other characters stand as they are."""
    from pypinyin import lazy_pinyin

    _load_readings()
    return tuple(lazy_pinyin(name, v_to_u=False))


def romanised(name: str) -> str:
    """A name as a reader without Chinese sees it: in English, or in pinyin and the name itself;
    names in other scripts as they are."""
    if not CHINESE.search(name):
        return name
    return WORDS.get(name) or f"{countries().get(name) or _short(name)} {name}"


@cache
def countries() -> dict[str, str]:
    """English names of countries by their Chinese ones, which pinyin does not give."""
    path = Path(__file__).parent / "country_names.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row["name_en"] for row in csv.DictReader(file)}


@cache
def _short(name: str) -> str:
    """The proper part of a Chinese place name in pinyin."""
    known = {tile.name: tile.short_en for tile in tiles()}
    if name in known:
        return known[name]
    proper = NATIONALITIES.sub("", KIND.sub("", name)) or name
    return "".join(syllables(proper)).capitalize()


@cache
def search_text(code: str, name: str) -> str:
    """What a region is found by: name, code, pinyin in full, initials, other spellings."""
    if not CHINESE.search(name):
        return f"{name} {code}".lower()
    read = syllables(name)
    others = [one for word, spelt in ALTERNATES.items() if word in name for one in spelt]
    parts = [
        name,
        code,
        countries().get(name, ""),
        "".join(read),
        "".join(one[0] for one in read),
        *others,
    ]
    return " ".join(filter(None, dict.fromkeys(parts))).lower()


@dataclass(frozen=True)
class Tile:
    """A province-level division on a grid: two digits of its code, names, letters of ISO 3166-2,
    column, row."""

    code: str
    name: str
    short: str
    short_en: str
    iso: str
    column: int
    row: int


@cache
def tiles() -> tuple[Tile, ...]:
    """The province-level divisions of China on a grid that resembles the map."""
    path = Path(__file__).parent / "province_tiles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Tile(
                code=row["code"],
                name=row["name"],
                short=row["short"],
                short_en=row["short_en"],
                iso=row["iso"],
                column=int(row["column"]),
                row=int(row["row"]),
            )
            for row in csv.DictReader(file)
        )


def province_tiles(provinces: set[str]) -> tuple[Tile, ...]:
    """The tiles, if most of the provinces are on them; else none."""
    known = {tile.name for tile in tiles()} & provinces
    return tiles() if provinces and len(known) * 2 > len(provinces) else ()
