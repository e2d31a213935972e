"""Invented names of people and places.

Family names join a plant to a word for "specimen", given names a colour to a number (松例 紅二十三), town names an
animal to 仮 ("provisional"): plainly fictitious, pronounceable, sortable, and none taken from a person. The plants
include old forms (櫻, 栁, 槇) as registries have them; all characters are in Unicode's basic plane.
"""

from __future__ import annotations

_PLANTS = """
松マツ 杉スギ 桜サクラ 櫻サクラ 楓カエデ 柊ヒイラギ 椿ツバキ 桂カツラ 楠クスノキ 榊サカキ 槇マキ 柳ヤナギ
栁ヤナギ 梅ウメ 桐キリ 柏カシワ 檜ヒノキ 桧ヒノキ 欅ケヤキ 樫カシ 椎シイ 柚ユズ 梨ナシ 桃モモ 栗クリ 柿カキ
藤フジ 萩ハギ 葵アオイ 菫スミレ 蓮ハス 菊キク 蘭ラン 芹セリ 蓬ヨモギ 葛クズ 茜アカネ 蕗フキ 薊アザミ 苔コケ
蕨ワラビ 笹ササ 竹タケ 葦アシ 薄ススキ 茅カヤ 樅モミ 橡トチ 榎エノキ 朴ホオ 楡ニレ 桑クワ 桒クワ
"""
_SPECIMEN_WORDS = "仮カリ 例レイ 架カ 試タメシ 型カタ 模モ 標シルベ 見本ミホン"
_COLOURS = """
紅ベニ 藍アイ 紺コン 緑ミドリ 白シロ 黒クロ 青アオ 赤アカ 黄キ 紫ムラサキ 橙ダイダイ 灰ハイ 金キン 銀ギン 朱シュ
墨スミ 茶チャ 鉄テツ 錆サビ 砂スナ 群青グンジョウ 瑠璃ルリ 琥珀コハク 浅葱アサギ 萌黄モエギ 山吹ヤマブキ 鳶トビ
鼠ネズミ 虹ニジ 若草ワカクサ
"""
_ANIMALS = """
鶴ツル 鯨クジラ 兎ウサギ 狐キツネ 狸タヌキ 鷺サギ 鴨カモ 鯉コイ 亀カメ 鹿シカ 熊クマ 猿サル 梟フクロウ
雁カリガネ 鷹タカ 鰯イワシ 鯛タイ 鰹カツオ 蛍ホタル 蝶チョウ 燕ツバメ 雀スズメ 鳩ハト 鷲ワシ 鶉ウズラ 鮎アユ
鮭サケ 鰻ウナギ 蟹カニ 海老エビ 貂テン 狼オオカミ 猪イノシシ 羊ヒツジ 馬ウマ 牛ウシ
"""
_DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_DIGIT_READINGS = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")

Named = tuple[str, str]
"""A name in kanji and its reading in katakana."""


def _pairs(text: str) -> tuple[Named, ...]:
    pairs = []
    for word in text.split():
        split = next(place for place, letter in enumerate(word) if "ァ" <= letter <= "ヶ")
        pairs.append((word[:split], word[split:]))
    return tuple(pairs)


def _number_word(number: int) -> Named:
    tens, ones = divmod(number, 10)
    kanji = ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + _DIGITS[ones]
    kana = ("" if tens == 0 else "ジュウ" if tens == 1 else _DIGIT_READINGS[tens] + "ジュウ") + _DIGIT_READINGS[ones]
    return kanji, kana


FAMILY_NAMES: tuple[Named, ...] = tuple(
    (plant + word, plant_kana + word_kana)
    for plant, plant_kana in _pairs(_PLANTS)
    for word, word_kana in _pairs(_SPECIMEN_WORDS)
)
GIVEN_NAMES: tuple[Named, ...] = tuple(
    (colour + number, colour_kana + number_kana)
    for colour, colour_kana in _pairs(_COLOURS)
    for number, number_kana in map(_number_word, range(1, 100))
)
TOWNS: tuple[Named, ...] = tuple((f"{animal}仮町", f"{kana}カリチョウ") for animal, kana in _pairs(_ANIMALS))
OTHER_MUNICIPALITIES: tuple[str, ...] = tuple(
    f"架空県{name}見本市" for name in ("東", "西", "南", "北", "中央", "山手", "海辺", "川上")
)
