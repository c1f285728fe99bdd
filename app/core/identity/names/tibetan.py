"""Tibetan names in Han characters: words of two characters, without surname or middle dot."""

_WORDS_IN_USE = """
扎西 札西 卓玛 卓嘎 次仁 才仁 泽仁 次旦 才旦 央金 央宗 顿珠 东珠 白玛 贝玛 多吉 多杰
道吉 格桑 格松 旺姆 旺堆 旺扎 旺久 旺杰 洛桑 罗桑 丹增 旦增 登增 拉姆 拉毛 拉巴 平措
彭措 德吉 索朗 索南 尼玛 边巴 普布 达瓦 巴桑 米玛 强巴 贡布 仁青 仁钦 群培 曲珍 曲措
晋美 久美 土登 图登 阿旺 益西 桑珠 罗布 欧珠 加措 嘉措 才让 措姆 措毛 吉美 班觉 朗杰
南杰 单增 云丹 坚赞 嘉央 贡嘎 赤列 群宗 仓决 巴珠 仁增 其美 玉珍 色珍 江白 降央
"""
"""Words of names, and the weekdays children are named after, each in its usual transcriptions."""
_WORDS = frozenset(_WORDS_IN_USE.split())


def in_tibetan_words(folded: str) -> bool:
    """Whether a Han name of four or six characters is made of such words.

    >>> in_tibetan_words("白玛央金"), in_tibetan_words("白玛"), in_tibetan_words("白玛文华")
    (True, False, False)
    """
    return len(folded) in (4, 6) and all(word in _WORDS for word in tibetan_words(folded))


def tibetan_words(folded: str) -> tuple[str, ...]:
    """The words of such a name.

    >>> tibetan_words("白玛央金")
    ('白玛', '央金')
    """
    return tuple(folded[i : i + 2] for i in range(0, len(folded), 2))
