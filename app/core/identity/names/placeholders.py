"""Words that stand where a name should be."""

import re

_HAN_WORDS = """
无 无名 无名氏 无姓名 不详 不明 不知 未知 未明 未命名 未取名 未起名 未登记 未填 未填写 未提供 未录入
未告知 未说明 佚名 匿名 某 某某 某某某 某人 患者 病人 待查 待定 待补 待补充 暂无 暂缺 暂无姓名 姓名
姓名不详 姓名未知 身份不明 身份不详 空 空白 保密 拒绝提供 测试 测试员 测试人员 测试患者 测试病人 测试用户
测试账号 路人 路人甲 流浪汉 流浪者 三无人员 三无病人 三无患者 无主 无主尸 无名尸 无名尸体 无名男 无名女
无名男尸 无名女尸 无名男子 无名女子 无名老人 新生儿 婴儿 男婴 女婴 弃婴 本人 家属
"""
_LATIN_WORDS = """
na nil no none null nan nobody noname unknown unnamed anonymous anon test tester testing testuser
testpatient patient patienttest name notknown notgiven notprovided notavailable undefined tbd tba void
xx x abc asdf qwerty johndoe janedoe unknownmale unknownfemale unidentified unk
"""
_NO_NAME = frozenset(_HAN_WORDS.split()) | frozenset(_LATIN_WORDS.split())
_NOT_A_LETTER = re.compile(r"[\W\d_]+")


def is_no_name(text: str) -> bool:
    """Whether the text is a word for "no name", a test entry, or holds no letter at all.

    >>> is_no_name("无名氏 03"), is_no_name("N/A"), is_no_name("???"), is_no_name("无忌")
    (True, True, True, False)
    """
    word = _NOT_A_LETTER.sub("", text).casefold()
    return not word or word in _NO_NAME or (len(word) > 2 and word.isascii() and len(set(word)) == 1)
