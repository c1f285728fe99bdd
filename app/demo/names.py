"""Names for the sample, put together from common surnames and characters: nobody's in particular."""

from random import Random

_BY_FREQUENCY = {
    60: "王 李 张 刘 陈",
    24: "杨 黄 赵 吴 周",
    12: "孙 徐 马 朱 胡 郭 何 林 高 罗",
    7: "郑 梁 谢 宋 唐 许 韩 邓 冯 曹 彭 曾 肖 田 董",
    4: "潘 袁 蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪",
    2: "廖 石 金 韦 贾 夏 方 邹 熊 白 孟 秦 邱 侯 江 尹 薛 段 雷 龙 黎 史 陶 贺 毛 郝 顾 龚 邵 万 武 钱 戴",
    1: "莫 单 仇 解 欧阳 上官 司马 诸葛 令狐",
}
SURNAMES = {name: weight for weight, row in _BY_FREQUENCY.items() for name in row.split()}
"""Surnames with a weight near their share of the population, in thousandths."""

# Characters in fashion for men and women born before 1970, and after.
_EARLIER = {
    "male": "国建华明德福贵文志荣林海洪生金玉平军庆忠良春成树永",
    "female": "秀桂英兰珍芳玉淑凤梅素琴云霞香莲菊春清爱娥",
}
_LATER = {
    "male": "伟强磊洋勇军杰涛斌浩宇轩博俊子鹏飞鑫凯",
    "female": "芳娜敏静丽艳娟婷雪颖欣怡梓涵佳琪莉慧倩",
}

FOREIGN = {
    "male": ["John Miller", "Sergei Ivanov", "Ahmed Karim", "Kim Min-jun", "Carlos Silva", "Tanaka Hiroshi"],
    "female": [
        "Maria Silva",
        "Anna Petrova",
        "Fatima Hassan",
        "Lee Soo-jin",
        "Emily Clark",
        "Nguyen Thi Lan",
    ],
}
_UYGHUR_GIVEN = {"male": ["阿卜杜拉", "艾尔肯", "吐尔逊"], "female": ["古丽娜尔", "阿依努尔", "帕提古丽"]}
_UYGHUR_FATHER = ["买买提", "艾合买提", "依明", "热合曼"]


def chinese_name(rng: Random, gender: str, birth_year: int) -> str:
    """Surname and one or two characters, as was usual for the year."""
    surname = rng.choices(list(SURNAMES), weights=list(SURNAMES.values()))[0]
    characters = (_EARLIER if birth_year < 1970 else _LATER)[gender]
    count = 1 if rng.random() < (0.1 if birth_year < 1970 else 0.3) else 2
    return surname + "".join(rng.sample(characters, count))


def minority_name(rng: Random, gender: str) -> str:
    """A given name and the father's, with the middle dot of official documents (U+00B7)."""
    return f"{rng.choice(_UYGHUR_GIVEN[gender])}·{rng.choice(_UYGHUR_FATHER)}"


def foreign_name(rng: Random, gender: str) -> str:
    """A Latin name; given and family names are mixed anew."""
    given, family = rng.choice(FOREIGN[gender]), rng.choice(FOREIGN[gender])
    return f"{given.split(' ')[0]} {family.rsplit(' ', 1)[1]}"
