"""The encodings that files of source systems come in, and how the beginning of a file tells which."""

import codecs

SAMPLE = 256 * 1024
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950")
"""In all of these no byte of a character is a quote or a line's end, so lines can be cut before decoding."""


def known_encoding(name: str) -> str:
    """The codec of an encoding that a file may have. Raises `LookupError`."""
    try:
        codec = codecs.lookup(name).name
    except ValueError:
        raise LookupError(name) from None
    codec = "utf-8" if codec == "utf-8-sig" else codec  # the mark is taken off in any case
    if codec not in ENCODINGS:
        raise LookupError(name)
    return codec


def told_by(sample: bytes) -> str:
    """UTF-8, unless the beginning of the file plainly is GB 18030.

    One bad byte does not make a file GB 18030, which gives nearly any bytes a meaning, a wrong one.
    """
    lines = [line for line in sample[:SAMPLE].split(b"\n") if not line.isascii()]
    strange = sum(not _decodes(line, "utf-8") for line in lines)
    return "gb18030" if 2 * strange > len(lines) and _decodes(sample[:SAMPLE], "gb18030") else "utf-8"


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether it does; the last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return False
    return True
