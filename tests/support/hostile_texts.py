"""Texts that break what is written carelessly: the same ones in the same order for each seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random

# An element and an attribute of these names stand on a page only where a text became markup.
ELEMENT, HANDLER = "x-planted", "data-planted"

_RUN = "window.planted=1"
_MARKUP = (
    f"<{ELEMENT}>", f"</p></div></main><{ELEMENT} {HANDLER}=1>", f'" {HANDLER}="1',
    f"' {HANDLER}='1", f"x {HANDLER}=1", f'"><{ELEMENT} {HANDLER}>', f"'><{ELEMENT}>",
    f"</textarea><{ELEMENT}>", f"</title><{ELEMENT}>", f"</option></select><{ELEMENT}>",
    f"--><{ELEMENT}><!--", f"]]><{ELEMENT}>", f"<![CDATA[<{ELEMENT}>]]>",
    f"<script>{_RUN}</script>", f"</script><script>{_RUN}</script>",
    f"<ScRiPt\n>{_RUN}</sCrIpT\t>", f"<img src=x onerror={_RUN}>",
    f'<img src="x` `<script>{_RUN}</script>"` `>', f"<svg/onload={_RUN}>",
    f"<svg><script>{_RUN}//</script></svg>",
    f'<svg><a xlink:href="javascript:{_RUN}"><text y=9>x</text></a></svg>',
    f'<math><mi xlink:href="javascript:{_RUN}">x</mi></math>',
    f"<iframe srcdoc='<script>{_RUN}</script>'>", f"<details open ontoggle={_RUN}>",
    f"<input autofocus onfocus={_RUN}>", f'<a href="javascript:{_RUN}">x</a>',
    f"<body onload={_RUN}>", "<base href='https://planted.example/'>",
    "<meta http-equiv=refresh content='0;url=https://planted.example/'>",
    "<link rel=stylesheet href=https://planted.example/x.css>", "<style>*{display:none}</style>",
    "<form action=https://planted.example/><button>x", "<!--", "-->", "<!DOCTYPE x>",
    "<?xml version='1.0'?>", "<?php echo 1 ?>", "<%= 7*7 %>", "<plaintext>", "<xmp>",
    "<noscript><p title='</noscript><img src=x>'>", "<template><p>", "<table><tr><td>",
    "</td></tr></table>", "</main></body></html>", "<p<p<p", "<", ">", "&", '"', "'", "`",
    "&lt;b&gt;", "&amp;lt;", "&#60;b&#62;", "&#x3c;b&#x3e;", "&nbsp;", "&#0;", "&notit;",
    f"javascript:{_RUN}", f"JaVaScRiPt:{_RUN}", f"java\tscript:{_RUN}",
    f"data:text/html,<{ELEMENT}>", "vbscript:x", "//planted.example",
    "https://planted.example/\"onclick=x",
)  # fmt: skip
_TEMPLATES = (
    "{{7*7}}", "{{ config }}", "{{''.__class__.__mro__}}", "{% for x in y %}", "{% raw %}", "{#",
    "#}", "${7*7}", "#{7*7}", "*{7*7}", "@{7*7}", "[[7*7]]", "%(name)s", "%(x)s", "%s", "%d",
    "%n", "%", "%%", "100 %", "{0}", "{}", "{x}", "{0.__class__}", "{name!r:>99999999}", "{", "}",
    "$x", "$$", "\\0", "\\1", "\\g<0>", "\\", "\\\\", "\\u0000", "\\x41", "\\n", "%00", "%0d%0a",
    "%2e%2e",
)  # fmt: skip
_DATABASES = (
    "' OR '1'='1", "'; DROP TABLE process; --", '" OR ""="', "1; SELECT pg_sleep(9)", "/* */",
    "--", "' UNION SELECT NULL--", "\\'; --", "x' AND 1=CAST('a' AS INTEGER)--", ":1", ":name",
    "?", "%_%", "_", "%%%", "$1", "$tag$x$tag$", "NULL", "null", "None", "undefined", "true",
    "false", "nan", "*)(uid=*))(|(uid=*", "*", "(&(a=b)", "' or ''='", "{\"$gt\": \"\"}",
    "__proto__", "constructor", "x\\' OR 1=1 --", "ＯＲ 1＝1", "ʼ OR 1=1",
)  # fmt: skip
_HEADERS = (
    "x\r\nBcc: planted@planted.example", "x\nBcc: planted@planted.example", "x\r\n\r\n<b>x</b>",
    "x\r\nSet-Cookie: planted=1", "x\rBcc: planted@planted.example",
    "x\u2028Bcc: planted@x.example", "x\u0085Bcc: planted@planted.example",
    "x\r\n.\r\nMAIL FROM:<planted@planted.example>", "\r\n.\r\n", "=?utf-8?q?planted?=",
    "=?utf-8?b?PGI+?=", "From planted", ".", "..", "x\r\n .", "a;b=c", "a\"; x=\"",
)  # fmt: skip
_SHEETS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1",
    "＝1+1", "＋1", "－1", "＠x", "=HYPERLINK(\"https://planted.example\";\"x\")",
    "=cmd|' /C calc'!A0", "'=1+1", "\"=1+1\"", "=\"x\"&A1", "%0A=1", ";=1+1", ",=1+1",
    "\u200b=1+1", "\ufeff=1+1", "\x00=1+1", "+49 341", "-5 Grad", "--1", "==", "=", "+", "-", "@",
    "_x0041_", "_x000D_", "007", "1E5", "1-2", "1/2", "a;b", "a,b", 'a"b', '""', '"', '";"',
    "a\tb", "a\nb", "a\r\nb", "a\rb", "a;\"b\nc\";d", "'", "sep=;", "TRUE", "#REF!", "#DIV/0!",
    "{=1+1}", "9" * 400,
)  # fmt: skip
_CONTROLS = (
    *(f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0))), "\x00", "a\x00", "\x00b",
    "\x1b[31mrot\x1b[0m", "\x1b]0;planted\x07", "\x08\x08\x08", "\ud800", "a\udfffb", "\ud83d",
    "\ude00\ud83d", "\ufffe", "\uffff", "\U0001ffff", "\ufffd", "\ufeff", "\ufeffa", "a\ufeff",
)  # fmt: skip
_DIRECTIONS = (
    "a\u202eb", "\u202egnp.exe", "a\u202a\u202b\u202cb", "\u2066a\u2067b\u2068c\u2069", "\u2067",
    "\u202d" * 70, "\u200e", "\u200f", "\u061c", "שלום", "مرحبا بالعالم", "abc שלום 123",
    "(שלום)", "٣٫١٤", "\u202e<b>",
)  # fmt: skip
_INVISIBLE = (
    "\u200b", "a\u200bb", "\u200c", "\u200d", "\u2060", "\u00ad", "a\u00adb", "\u180e", "\u2063",
    "\u115f", "\u3164", "\uffa0", "\u034f", "\u2800", "\ufe0f", "\U000e0001",
    "\U000e0041\U000e007f", "\u00a0", " ", "\u2003", "\u3000", "\u2028", "\u2029", "a\u2028b",
    "a\u2029b", "\t", "\n", "\n\n", " a ", "\na", "a\n", "\u00a0a\u00a0", "a  b", "a\n\n\nb",
    "\u3000a\u3000", "a\x0bb", "a\x0cb", "\x1c", "a\x1cb",
)  # fmt: skip
_SCRIPTS = (
    "Z\u0351\u032b\u0343\u036a\u0302a\u0334\u0345l\u0328\u0355g\u0489o\u0348",
    "a" + "\u0301" * 400, "\u0301a", "e\u0301", "é", "ﬁ", "ﬀ", "Å", "A\u030a", "\u212b", "ẞ", "ß",
    "SS", "ı", "İ", "i\u0307", "ŉ", "ΐ", "Ω", "ſ", "ⅷ", "①", "²", "㎏", "ﷺ", "﷽", "你好，世界",
    "日本語テキスト", "한국어", "ᄒ\u1161\u11ab", "हिन्दी में पाठ", "தமிழ்",
    "ภาษาไทย", "ກ່ຽວ", "ქართული",
    "Ελληνικά", "Русский", "አማርኛ", "ᠮᠣᠩᠭᠣᠯ", "𠜎𠜱𠝹", "𝕬𝖇𝖈", "𐍈", "\U0010fffd", "\ue000",
    "👩\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "👍🏿", "🇩🇪🇪🇺", "1\ufe0f⃣", "🇩", "🏿",
    "😀" * 60,
    "🫠\u200d\u200d🫠", "раураl", "ｆｕｌｌ", "Ｉ", "ǅ", "ς", "Straße", "STRASSE",
)  # fmt: skip
_NUMBERS = (
    "1.234,50", "1,234.50", "1.234.567,89", "1,234,567.89", "1234,5", "1234.5", "12.34.56",
    "1,,2", "1.2.3", "0", "-0", "+0", "−0", "0,00", "-1", "−1", "+1", "1e30", "1E30", "1e-30",
    "1e999", "-1e999", "NaN", "nan", "sNaN", "inf", "Infinity", "-inf", "∞", "0x10", "0b1", "0o7",
    "1_000", "1 000", "1\u00a0000", "1\u202f000", "1'000", "1’000", "١٢٣", "१२३", "１２３", "𝟏𝟐𝟑",
    "²", "½", "Ⅻ", "一百", "12,345", "1.000", "1,000", "000123", ".5", "5.", ",5", "5,", "1,234",
    "12.500,505", "99999999999999", "9" * 30, "1" + "0" * 30, "-9" * 20, "0." + "0" * 40 + "1",
    "1 €", "€1", "1 EUR", "EUR 1,50", "1,50 Euro", "$1", "5 %", "101 %", "-5 %", "5 ‰",
    "9223372036854775807", "9223372036854775808", "-9223372036854775809", "2147483648", "1,5,",
    "--5",
)  # fmt: skip
_DATES = (
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-0001-01-01", "1899-12-31",
    "2200-01-01", "31.02.2027", "29.02.2027", "29.02.2028", "30.02.2028", "31.04.2027",
    "00.00.0000", "1.1.0000", "32.1.2027", "1.13.2027", "13/13/2027", "2027-02-30", "2027-W05-1",
    "2027-035", "2027-01-01T00:00:00Z", "1.1.27", "2027-03-28T02:30", "02:30", "24:00",
    "23:59:60", "25:00", "-1:00", "12:60", "１２:００", "12h", "12.30", "2027-1-1", "1. 1. 2027",
    "1.1.2027.", "٢٠٢٧-٠١-٠١", "２０２７-０１-０１", "heute", "1.1.99999", "1700000000",
)  # fmt: skip
_CONTACTS = (
    "a@b", "@", "a@", "@b.example", "a@b.example\nBcc: x@y.example", "a@b.example\x00",
    "a b@c.example", "\"a b\"@c.example", "a@[127.0.0.1]", "a@localhost", "a@b..example",
    ".a@b.example", "a..b@c.example", "a@-b.example", "ä@ö.example", "a@xn--mnchen-3ya.example",
    "a@b.example,c@d.example", "<a@b.example>", "A <a@b.example>", "a@b.example; c@d.example",
    "a+b@c.example", "a'b@c.example", "a@b.example ", f"{'a' * 64}@b.example",
    f"{'a' * 65}@b.example", f"a@{'b' * 250}.example", "a@b@c.example", "http://", "https://",
    "http://a", "ftp://a.example", "file:///etc/passwd", "https://u:p@a.example",
    "https://a.example:99999", "https://[::1]/", "https://[", "https://a.example/ä?ö#ü",
    "https://a.example/ b", "https://%00.example", "https://a。example", "https:a.example",
    "//a.example", "mailto:a@b.example", "https://xn--/", "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00", "DE88370400440532013000", "de89370400440532013000",
    "ＤＥ89370400440532013000", "DE8937040044053201300O", "GB82WEST12345698765432", "XX00",
    "+49 341 123456", "0049341123456", "(0341) 12-34", "tel:+49", "+49 341 123456;ext=1", "110",
    "+",
)  # fmt: skip
_FORMATS = (
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", "&a;", "&xxe;", "%a;",
    "<!DOCTYPE x [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>", "!!python/object/apply:os.system ['x']",
    "- a\n- b", "a: b", "key: |\n  x", "*a", "&a x", "!x", "? x", "{a: b", "[a, b", "---", "...",
    "# x", "~", "yes", "no", "on", "1: 2: 3", "<<: *a", "{\"a\": 1}", "{\"a\": NaN}", "[1,",
    "{\"a\":1,\"a\":2}", "\"", "\\\"", "\\ud800", "\"}{\"", "'}", "];[", "\u2028\");x(\"",
    "BEGIN:VCALENDAR", "x\\nEND:VEVENT", "x\\,y\\;z", "%PDF-1.7", "PK\x03\x04", "GIF89a",
    "(x) Tj ET", ")>>endobj", "{\\rtf1}", "\\input{/etc/passwd}",
)  # fmt: skip
_PATHS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\Windows",
    "\\\\host\\share", "~/x", "CON", "PRN", "AUX", "NUL", "COM1", "LPT1.txt", "con.pdf", ".",
    "..", "...", "a/b", "a\\b", "a:b", "a:$DATA", "a.", " a", "a ", ".htaccess", "-rf", "--help",
    "-", "|x", "$(x)", "`x`", ";x", "&& x", "x > y", "*", "?", "a.pdf.exe", "a.pdf\x00.exe",
    "a\u202efdp.exe", "ａ／ｂ", "%2e%2e%2f", "..%c0%af", "file:x", "a" * 300, "ä" * 130, "😀" * 64,
    'a"b.pdf', "a;b.pdf", "a'b.pdf", "a%b.pdf", "a\nb.pdf", "a\r\nX: y.pdf", "\".pdf", "*''x",
)  # fmt: skip
_LENGTHS = (
    "x" * 99, "x" * 100, "x" * 101, "x" * 199, "x" * 200, "x" * 201, "x" * 255, "x" * 256,
    "x" * 500, "x" * 501, "ä" * 255, "😀" * 255, "x" * 2000, "x" * 2001, "x" * 10_000,
    "x" * 10_001, "x" * 20_000, "x" * 20_001, "Donau" * 3000, "w " * 10_000, "\n" * 5000,
    "a\n" * 2000, "\u0301" * 5000, "<" * 3000, "&" * 3000, "'" * 3000,
)  # fmt: skip

KINDS: Mapping[str, Sequence[str]] = {
    "markup": _MARKUP,
    "templates": _TEMPLATES,
    "databases": _DATABASES,
    "headers": _HEADERS,
    "sheets": _SHEETS,
    "controls": _CONTROLS,
    "directions": _DIRECTIONS,
    "invisible": _INVISIBLE,
    "scripts": _SCRIPTS,
    "numbers": _NUMBERS,
    "dates": _DATES,
    "contacts": _CONTACTS,
    "formats": _FORMATS,
    "paths": _PATHS,
    "lengths": _LENGTHS,
}
EVERY: Sequence[str] = tuple(dict.fromkeys(text for texts in KINDS.values() for text in texts))
_SHORT = tuple(text for text in EVERY if len(text) <= 500)

MEGABYTES: Sequence[str] = ("x" * 1_500_000, "<b>&\"'" * 200_000, "😀 ä\n" * 250_000)
"""Texts far above every limit; together with what goes with them still below that of a page."""

_WAYS: Sequence[Callable[[Random, str], str]] = (
    lambda random, text: f"Projekt {random.randrange(10**6)} {text}",
    lambda random, text: f"{text} {random.randrange(10**6)}",
    lambda random, text: f"{text}{random.choice(_SHORT)}",
    lambda random, text: f"{random.choice(_SHORT)} {text} {random.choice(_SHORT)}",
    lambda random, text: f"{random.choice(_SHORT)}\n{text}\r\n{random.randrange(10**6)}",
    lambda random, text: text * random.randint(2, 9),
    lambda random, text: "".join(random.sample(text, len(text))) + str(random.randrange(10**6)),
    lambda random, text: text[random.randrange(len(text) or 1) :] + random.choice(_SHORT),
)


def hostile_texts(seed: int = 0) -> Iterator[str]:
    """Without an end, none twice: first each text of every kind, then what they give combined."""
    random, seen = Random(seed), set(EVERY)
    yield from random.sample(EVERY, len(EVERY))
    while True:
        text = random.choice(_WAYS)(random, random.choice(_SHORT))
        if text not in seen:
            seen.add(text)
            yield text


def some(count: int, seed: int = 0) -> list[str]:
    """The first so many of them."""
    return list(islice(hostile_texts(seed), count))


def harmless(text: str) -> str:
    """A text of the same shape in which nothing can do anything: lines, blanks and length stay."""
    return "".join(sign if sign in " \n\r\t" else "x" for sign in text)
