"""Names as registrars type them, and what is understood."""

import pytest

from app.adapters.reference.load import load_reference_tables
from app.core.identity.names.name import Name, Script
from app.core.identity.names.reader import read_name, read_name_with_notes

TABLES = load_reference_tables()


def read(text: str) -> Name:
    name = read_name(text, TABLES)
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("何 佑崇", "何佑崇"),
        ("　王　伟　", "王伟"),
        ("王\u200b伟\ufeff", "王伟"),
        ("王\ufe00伟", "王伟"),
        ("王\t伟\n", "王伟"),
        ("王·伟", "王伟"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉･买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉‧买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉∙买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉⋅买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉.买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉-买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉··买买提", "阿卜杜拉·买买提"),
        ("阿依古丽 买买提", "阿依古丽·买买提"),
        ("·王伟·", "王伟"),
        ("Ｄａｖｉｄ　Ｓｍｉｔｈ", "David Smith"),
        ("\ue863明", "䶮明"),
        ("㐂\U00020000明", "㐂\U00020000明"),
    ],
)
def test_width_spaces_dots_and_private_use(typed: str, text: str) -> None:
    assert read(typed).text == text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("顏鋒瑋", "颜锋玮"),
        ("葉蘇鍾", "叶苏钟"),
        ("劉豔峯", "刘艳峰"),
        ("吳眞敎", "吴真教"),
        ("李乾", "李乾"),  # the 乾 of names is Qián, a standard character; only Gān was simplified to 干
        ("李幹", "李干"),
        ("魏徵", "魏徵"),
        ("於芳", "於芳"),  # a name of its own since 2013, as are the next three
        ("劉昇", "刘昇"),
        ("刘喆", "刘喆"),
        ("锺书", "锺书"),
        ("沈瀋", "沈沈"),
        ("佐々木", "佐佐木"),
        ("渡辺桜", "渡边樱"),
        ("𠮷野髙", "吉野高"),
    ],
)
def test_folding_follows_the_standard_list_but_keeps_names_apart(typed: str, folded: str) -> None:
    assert read(typed).folded == folded


@pytest.mark.parametrize(
    ("typed", "surname", "given"),
    [
        ("王伟", "王", "伟"),
        ("欧阳文华", "欧阳", "文华"),
        ("歐陽子恩", "欧阳", "子恩"),
        ("司马光", "司马", "光"),
        ("欧阳", "欧", "阳"),
        ("范徐丽泰", "范徐", "丽泰"),
        ("張簡素貞", "张简", "素贞"),
        ("陈方安生", "陈方", "安生"),
        ("王小明明", "王", "小明明"),
        ("扎西顿珠", "", "扎西顿珠"),
        ("古丽娜尔·买买提", "", "古丽娜尔买买提"),
        ("阿卜杜热西提", "", "阿卜杜热西提"),
        ("KIM, SERGEI", "kim", "sergei"),
        ("SERGEI KIM", "", ""),
    ],
)
def test_surname_and_given_name(typed: str, surname: str, given: str) -> None:
    name = read(typed)
    assert (name.surname, name.given) == (surname, given)


@pytest.mark.parametrize(
    ("typed", "surname", "given"),
    [
        ("单单", (("shan",),), ("shan", "dan", "chan")),
        ("仇仇", (("qiu",),), ("qiu", "chou")),
        ("解解", (("xie",),), ("jie", "xie")),
        ("曾曾", (("zeng",),), ("zeng", "ceng")),
        ("区区", (("ou",),), ("qu", "ou")),
        ("吕绿", (("lv",),), ("lv", "lu")),
        ("尉迟迟", (("yu",), ("chi",)), ("chi",)),
        ("万俟万", (("mo",), ("qi",)), ("wan", "mo")),
        ("覃晟", (("qin", "tan"),), ("sheng", "cheng")),
    ],
)
def test_a_surname_is_read_as_a_surname(typed: str, surname: tuple[object], given: tuple[str, ...]) -> None:
    name = read(typed)
    assert name.surname_readings == surname
    assert set(name.given_readings[-1]) == set(given)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("张三(住院)", "张三"),
        ("张三（3床）", "张三"),
        ("【急】李四", "李四"),
        ("12床 张三", "张三"),
        ("张三 3床", "张三"),
        ("王建国先生", "王建国"),
        ("王建国 女士", "王建国"),
        ("欧阳文华老师", "欧阳文华"),
        ("患者张三", "张三"),
        ("张三2", "张三"),
        ("王芳A", "王芳"),
        ("Mr. John Smith", "John Smith"),
        ("DR JOHN SMITH, MD", "JOHN SMITH"),
        ("(张三)", "张三"),
        ("张三（患者）先生", "张三"),
        ("张丽(女)", "张丽"),
        ("王建国之墓", "王建国"),
        ("先父王建国", "王建国"),
    ],
)
def test_decorations_are_cut_and_noted(typed: str, text: str) -> None:
    name, notes = read_name_with_notes(typed, TABLES)
    assert name is not None
    assert name.text == text
    assert "decoration_cut" in notes


@pytest.mark.parametrize(
    "name", ["赵C", "李小宝", "欧阳小宝", "王毛毛", "李子婴", "陈之子涵", "马主任", "张士"]
)
def test_what_only_looks_like_a_decoration_stays(name: str) -> None:
    assert read(name).text == name
    assert read(name).placeholder_for is None


def test_a_title_in_place_of_a_given_name_leaves_the_surname_alone() -> None:
    name, notes = read_name_with_notes("李先生", TABLES)
    assert name is not None
    assert (name.text, name.surname) == ("李〓", "李")
    assert "title_for_given_name" in notes
    assert read("欧阳女士").surname == "欧阳"


@pytest.mark.parametrize(
    "typed", ["张?明", "张？明", "张■明", "张*明", "张\ufffd明", "张\uf8f0明", "张〓明", "张某明"]
)
def test_lost_and_masked_characters_are_marked(typed: str) -> None:
    name, notes = read_name_with_notes(typed, TABLES)
    assert name is not None
    assert name.text == "张〓明"
    assert "unreadable_characters" in notes or typed == "张〓明"


NO_NAMES = "无名氏|无名氏03|不详|未知|某某|无|患者|无名男尸|（不详）|测试患者"
NO_NAMES_IN_LATIN = "test|N/A|NULL|John Doe|UNKNOWN MALE|aaaa"
NO_LETTERS = "???|■■|……|123|-|〓〓"


@pytest.mark.parametrize(
    "typed", [*NO_NAMES.split("|"), *NO_NAMES_IN_LATIN.split("|"), *NO_LETTERS.split("|")]
)
def test_words_for_no_name_are_missing(typed: str) -> None:
    assert read_name_with_notes(typed, TABLES) == (None, ("placeholder_name",))


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "\u3000"])
def test_blank_is_missing_without_remark(typed: str) -> None:
    assert read_name_with_notes(typed, TABLES) == (None, ())


@pytest.mark.parametrize(
    ("typed", "mother"),
    [
        ("张丽之子", "张丽"),
        ("张麗之女", "张丽"),
        ("张丽之长女", "张丽"),
        ("张丽之女1", "张丽"),
        ("张丽之大双", "张丽"),
        ("王芳大双", "王芳"),
        ("王芳小宝", "王芳"),
        ("王芳宝宝", "王芳"),
        ("王芳BB", "王芳"),
        ("李某之婴", "李某"),
        ("李婴儿", "李"),
        ("张丽(之子)", "张丽"),
        ("张丽（大双）", "张丽"),
        ("张丽(新生儿)", "张丽"),
        ("张丽 BB", "张丽"),
        ("张丽 baby", "张丽"),
        ("新生儿张丽", "张丽"),
        ("欧阳芳之子", "欧阳芳"),
        ("古丽娜尔·买买提之子", "古丽娜尔·买买提"),
        ("Baby of Zhang Li", "zhang li"),
        ("B/O ZHANG LI", "zhang li"),
        ("Smith, Baby Girl", "smith"),
    ],
)
def test_newborns_are_placeholders_for_their_mother(typed: str, mother: str) -> None:
    name, notes = read_name_with_notes(typed, TABLES)
    assert name is not None
    assert name.placeholder_for == mother
    assert (name.surname, name.given, name.surname_readings) == ("", "", ())
    assert "newborn_placeholder" in notes


@pytest.mark.parametrize(
    ("typed", "folded", "script"),
    [
        ("O'Neil, Zoë-Anne", "oneil zoe anne", Script.LATIN),
        ("Jürgen Groß", "jurgen gross", Script.LATIN),
        ("SØREN ÅKE ÆGIR", "soren ake aegir", Script.LATIN),
        ("Nguyễn Văn Đức", "nguyen van duc", Script.LATIN),
        ("J. R. SMITH JR.", "j r smith jr", Script.LATIN),
        ("Иван  Петров", "иван петров", Script.OTHER),
        ("김철수", "김철수", Script.OTHER),
        ("ひらがな", "ひらがな", Script.OTHER),
    ],
)
def test_other_scripts(typed: str, folded: str, script: Script) -> None:
    name = read(typed)
    assert (name.folded, name.script) == (folded, script)
    assert name.parts == tuple(folded.split(" "))


def test_of_two_scripts_the_han_one_is_kept() -> None:
    for typed in ("张伟 ZHANG WEI", "ZHANG WEI 张伟", "ZHANG WEI/张伟"):
        name, notes = read_name_with_notes(typed, TABLES)
        assert name is not None
        assert name.text == "张伟"
        assert notes == ("other_script_cut",)


@pytest.mark.parametrize(
    "typed", ["张丽家属", "张丽(家属)", "王建国妻子", "张丽的母亲", "欧阳文华之父", "王建国护工"]
)
def test_a_relative_without_a_name_is_not_the_person_named(typed: str) -> None:
    name, notes = read_name_with_notes(typed, TABLES)
    assert name is None
    assert "relative_named" in notes


def test_the_foot_of_a_passport_is_read() -> None:
    name = read("O<NEIL<<ANNA<MARIA<<<<<<")
    assert (name.text, name.surname, name.given) == ("O NEIL, ANNA MARIA", "o neil", "anna maria")


def test_a_placeholder_in_traditional_characters_is_one() -> None:
    assert read_name("無名氏", TABLES) is read_name("測試", TABLES) is None
