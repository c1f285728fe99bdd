"""The level of two names: a table of pairs a registrar would recognise, and what holds for all pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.core.identity.names.reader import read_name
from app.core.matching.comparison import MISSING
from app.core.matching.comparisons.name import NameLevel, compare_names

TABLES = load_reference_tables()


def level(left: str, right: str) -> str:
    return compare_names(read_name(left, TABLES), read_name(right, TABLES), TABLES).level


EXAMPLES = """
same: 王丽华 / 王丽华 | 何 佑崇 / 何佑崇 | 阿卜杜拉·买买提 / 阿卜杜拉•买买提 | SERGEI KIM / Sergei Kim
same: José Gómez / JOSE GOMEZ | 张伟(住院) / 张伟 | 王建国先生 / 王建国 | \ue863明 / 䶮明
variant: 顏鋒瑋 / 颜锋玮 | 葉芳 / 叶芳 | 李峯 / 李峰 | 阿不都拉买买提 / 阿不都拉·买买提
variant: MUELLER ANNA / Müller Anna | ANNA MARIA ROSSI / ANNAMARIA ROSSI | LYU MIN / LV MIN
restored_variant: 刘喆 / 刘哲 | 王堃 / 王坤 | 刘昇 / 刘升 | 李淼 / 李渺 | 李乾 / 李干 | 潘征 / 潘徵
reordered: SERGEI KIM / KIM SERGEI | KIM, SERGEI / SERGEI KIM | 古丽娜尔·买买提 / 买买提·古丽娜尔
reordered: 小明王 / 王小明 | 伟张 / 张伟 | 白玛央金 / 央金白玛
romanised: 缪国华 / MIAO GUOHUA | 利敏 / LI MIN | 吕单芳 / LYU SHANFANG | 吕单芳 / Danfang Lv
romanised: 吕芳 / LU FANG | 仇文 / QIU WEN | 欧阳文华 / OUYANG WENHUA | 王小明 / WANG XIAO-MING
romanised: 王小明 / Xiaoming WANG | 王小明 / WANGXIAOMING | 女娲 / NYU WA | 陳家豪 / CHEN, CHIA-HAO
romanised: 韩国瑜 / HAN KUO-YU | 谢敏 / HSIEH MIN | 梁朝伟 / LEUNG Chiu Wai | 刘德华 / LAU Tak Wah Andy
romanised: 王家卫 / WONG KAR WAI
romanised: 欧阳震华 / AU YEUNG Chun Wah | 陈大文 / CHAN TAI MAN | 司徒慧敏 / SZETO WAI MAN
romanised: 王小明 / WANG XIAOMING DAVID | 阿卜杜拉·买买提 / ABUDULA MAIMAITI
homophone: 王丽华 / 王立华 | 张志民 / 张志闵 | 李雨 / 李瑜 | 柏明 / 柏名 | 范瑋琪 / 范玮祺 | 蘇承翰 / 苏承涵
homophone: 單志 / 山志
look_alike: 刘浩继 / 刘洁继 | 白南江 / 白南汪 | 王光荣 / 王光菜 | 荀芳 / 苟芳
folk_surname: 萧玮 / 肖玮 | 覃芳 / 谭芳 | 傅国 / 付国 | 閻洁 / 闫洁 | 钟静 / 锺静 | 戴强 / 代强
folk_surname: 邱海燕 / 丘海燕
near_homophone: 陈静 / 程静 | 林芳 / 宁芳 | 刘红琳 / 刘红宁 | 王思敏 / 王诗敏 | 符玉华 / 胡玉华
doubled: 卢淑艺 / 卢淑淑艺 | 王欣丁 / 王欣丁丁 | 王王丽 / 王丽 | 玉素甫·吐尔逊 / 玉素甫·吐尔逊逊
swapped: 张桂英 / 张英桂 | 刘紫林 / 紫刘林 | 巴特尔·索南 / 巴尔特·索南
spelling: MUHAMMAD ALI / MOHAMED ALI | ALEKSANDR IVANOV / ALEXANDER IVANOV | HUSSEIN OMAR / HUSAIN OMAR
spelling: THOMAS O'NEIL / THOMAS O'NNEIL | THMAS GARCIA / THOMAS GARCIA
spelling: KENJI MINH NGUYEN / KEJI MINH NGUYEN | Иван Петров / Иван Питров
inserted_or_dropped: 张伟 / 张伟民 | 杜志强 / 杜志 | 王丽 / 王丽丽 | 欧阳明 / 欧明 | 范徐丽泰 / 徐丽泰
several_alike: 阿米娜·吐尔逊 / 阿米娜·图尔荪 | 艾合买提·艾尼瓦尔 / 艾海提·艾尼瓦尔 | 依明·卡德尔 / 依明·喀迪尔
several_alike: 阿依古丽·买买提 / 阿衣古丽·麦麦提 | 李明 / 黎鸣 | 林丽 / 李莉
abbreviated: JAMES PAVEL PARK / JAMES PARK | JAMES P. PARK / JAMES PAVEL PARK | J. SMITH / John Smith
abbreviated: 白玛 / 白玛央金 | 央金 / 白玛央金
abbreviated: 古丽娜尔 / 古丽娜尔·买买提 | JOHN SMITH / JOHN SMITH JR
unreadable_part: 王yan / 王䶮 | 高×涵 / 高子涵 | 张明Yi / 张明怡
unreadable_part: 张?明 / 张䶮明 | 王XX / 王小明 | 李先生 / 李明 | 张〓 / 张〓
one_different: 艾山·吐尔逊 / 玉山·吐尔逊
one_different: 宋湘锋 / 宋湘净 | 王梓涵 / 王梓轩 | LI MIN / LI MING | 김철수 / 김철순 | ANNA / ANNE
romanised_partial: 王小明 / David Wang | 李安 / LEE ANG | 王小明 / X. M. WANG | 朴明洙 / PARK MYUNGSOO
romanised_partial: 王小明 / WANG
given_only: 张伟 / 李伟 | 孙志强 / 马志强 | SERGEI KIM / SERGEI PARK | 王小明 / LI XIAOMING
given_only: 古丽娜尔·依明 / 古丽娜尔·买买提 | 吾买尔·亚森 / 吾买尔·吐尔逊
surname_only: 李芳 / 李娜 | 王宝山 / 王文明 | 王小明 / WANG DAWEI | ANNA KIM / SERGEI KIM
surname_only: LI MIN / LI QIANG | OMAR ALI / AMIR ALI
newborn: 张丽之子 / 张丽 | 张丽之子 / 张丽之子 | 王芳大双 / 王芳小双 | 张丽之女 / 李明
newborn: Baby of Zhang Li / ZHANG LI
different: 王明 / 李强 | 李娜 / 张小宝 | ANNA KIM / THOMAS ROSSI | 王明 / LI QIANG | 张〓 / 李〓
different: 김철수 / 박영희
missing: 大卫·史密斯 / DAVID SMITH | 王明 / JAMES MUELLER | 田中健二 / TANAKA KENJI | 김철수 / KIM CHULSOO
missing: 〓伟 / 张〓
"""
PAIRS = [
    (level, *pair.split(" / "))
    for level, pairs in (line.split(": ") for line in EXAMPLES.strip().splitlines())
    for pair in pairs.split(" | ")
]


@pytest.mark.parametrize(("expected", "left", "right"), PAIRS)
def test_levels(expected: str, left: str, right: str) -> None:
    assert level(left, right) == expected
    assert level(right, left) == expected


def test_every_level_has_an_example() -> None:
    assert {expected for expected, _, _ in PAIRS} == set(NameLevel)


def test_a_missing_name_is_never_agreement() -> None:
    name = read_name("王明", TABLES)
    for left, right in ((None, None), (name, None), (None, name)):
        assert compare_names(left, right, TABLES).level == MISSING
    assert read_name("???", TABLES) is read_name("无名氏", TABLES) is None


CHARACTERS = "王李张萧肖欧阳单丽立莉华伟玮炜小明鸣喆哲浩洁林琳顏颜·〓之子"
LATIN = ["WANG LI", "LI MIN", "Lee Ming", "KIM, SERGEI", "J P PARK", "O'NEIL", "OUYANG LI", "CHAN MAN"]
NAMES = (
    st.text(CHARACTERS, min_size=1, max_size=6)
    | st.sampled_from([*LATIN, "Иван Петров"])
    | st.text("WANGLIM eéü,.-'", min_size=1, max_size=12)
)


@given(NAMES, NAMES)
def test_comparing_is_symmetric_and_deterministic(left: str, right: str) -> None:
    assert level(left, right) == level(right, left) == level(left, right)


@given(NAMES, NAMES)
def test_only_names_of_one_comparison_form_are_the_same(left: str, right: str) -> None:
    a, b = read_name(left, TABLES), read_name(right, TABLES)
    if compare_names(a, b, TABLES).level == NameLevel.SAME:
        assert a is not None
        assert b is not None
        assert a.folded == b.folded


@given(NAMES)
def test_a_name_is_the_same_as_itself(text: str) -> None:
    name = read_name(text, TABLES)
    if name is not None and "〓" not in name.text and name.placeholder_for is None:
        assert compare_names(name, name, TABLES).level == NameLevel.SAME


@given(NAMES, NAMES)
def test_why_is_a_phrase_without_values(left: str, right: str) -> None:
    a, b = read_name(left, TABLES), read_name(right, TABLES)
    why = compare_names(a, b, TABLES).why
    assert why
    assert why.isascii()
