"""What happens to a person's data on the way into another system: slips of clerks and of old systems."""

from collections.abc import Callable
from datetime import date
from random import Random

from app.demo.documents import fifteen_digits
from app.demo.lunar_birthdays import LUNAR

Elements = dict[str, str | None]
Slip = Callable[[Random, Elements], bool]
"""Changes the elements where it can; says whether it did."""

HOMOPHONES = str.maketrans(
    "英珍芳丽霞静伟明志军洪林杰敏颖欣涛兰梅娟云生文福荣庆春德平建秀凤琴香莲清勇斌浩宇博俊鹏飞鑫凯婷佳琪慧倩",
    "瑛贞方莉侠靖炜鸣智君宏琳洁闽影新滔岚玫鹃芸升雯富蓉磬椿得萍健绣奉芹湘联青永彬昊羽勃峻朋非新恺亭嘉琦惠茜",
)
TRADITIONAL = str.maketrans(
    "张刘陈杨黄赵吴孙马罗郑谢许韩邓冯蒋叶苏吕卢钟谭陆韦贾邹龙贺顾龚万钱严欧阳国华贵荣庆军树兰凤云莲爱伟强杰涛鹏飞凯丽艳静颖轩",
    "張劉陳楊黃趙吳孫馬羅鄭謝許韓鄧馮蔣葉蘇呂盧鍾譚陸韋賈鄒龍賀顧龔萬錢嚴歐陽國華貴榮慶軍樹蘭鳳雲蓮愛偉強傑濤鵬飛凱麗艷靜穎軒",
)


def homophone(rng: Random, elements: Elements) -> bool:
    """One character of the given name becomes another of the same sound."""
    name = elements["name"] or ""
    places = [i for i, char in enumerate(name) if i > 0 and ord(char) in HOMOPHONES]
    if not places:
        return False
    place = rng.choice(places)
    elements["name"] = name[:place] + name[place].translate(HOMOPHONES) + name[place + 1 :]
    return True


def traditional(_rng: Random, elements: Elements) -> bool:
    """The name in traditional characters."""
    name = elements["name"] or ""
    elements["name"] = name.translate(TRADITIONAL)
    return elements["name"] != name


def spaced(_rng: Random, elements: Elements) -> bool:
    """A two-character name set wide, as on printed forms."""
    name = elements["name"] or ""
    if len(name) != 2:
        return False
    elements["name"] = f"{name[0]}　{name[1]}"
    return True


def without_number(_rng: Random, elements: Elements) -> bool:
    """No document at hand."""
    elements["id_type"] = elements["id_number"] = None
    return True


def old_number(_rng: Random, elements: Elements) -> bool:
    """The 15-digit number of an old card."""
    number, born = elements["id_number"] or "", elements["birth_date"] or ""
    if elements["id_type"] != "resident_id_card" or not "1900" < born < "1985":
        return False
    elements["id_number"] = fifteen_digits(number)
    return True


def mistyped_number(rng: Random, elements: Elements) -> bool:
    """One digit of the number is wrong."""
    number = elements["id_number"] or ""
    if elements["id_type"] != "resident_id_card":
        return False
    place = rng.randrange(14, 17)
    digit = str((int(number[place]) + rng.randrange(1, 10)) % 10)
    elements["id_number"] = number[:place] + digit + number[place + 1 :]
    return True


def loosely_typed_number(_rng: Random, elements: Elements) -> bool:
    """Blanks between the groups, a small x."""
    number = elements["id_number"] or ""
    if elements["id_type"] != "resident_id_card":
        return False
    elements["id_number"] = f"{number[:6]} {number[6:14]} {number[14:]}".lower()
    return True


def lunar_date(_rng: Random, elements: Elements) -> bool:
    """The birthday as the family keeps it, by the lunar calendar."""
    lunar = LUNAR.get(date.fromisoformat(elements["birth_date"] or ""))
    if lunar is None:
        return False
    elements["birth_date"] = lunar.isoformat()
    return True


def first_of_month(_rng: Random, elements: Elements) -> bool:
    """The day was not known and the old system asked for one."""
    born = elements["birth_date"] or ""
    elements["birth_date"] = born[:8] + "01"
    return elements["birth_date"] != born


def gender_left_out(_rng: Random, elements: Elements) -> bool:
    """The form had no such field."""
    elements["gender"] = "unknown"
    return True


SLIPS: dict[Slip, int] = {
    homophone: 20,
    traditional: 15,
    spaced: 8,
    without_number: 15,
    old_number: 12,
    mistyped_number: 8,
    loosely_typed_number: 10,
    first_of_month: 4,
    gender_left_out: 8,
}
"""Every slip but the lunar date, which goes with certain birthdays, and how often it is drawn."""
