"""The federal state of a postal code, where its first digits lie in one state alone.

Postal areas cross the borders of states. What is not listed is not known, and then nobody is taken
for a neighbour; an office can note the state. Good enough for a preference, for nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping

_LED = {
    "DE-BB": "03 15 16",
    "DE-BE": "10 12 13",
    "DE-BW": "70 71 72 73 75 77 78 79 761 762 763 764",
    "DE-BY": "80 81 82 83 84 85 86 90 91 92 93 94 95 96",
    "DE-HB": "281 282 283 2756 2757",
    "DE-HE": "60 61 341",
    "DE-HH": "201 202 203 204 220 221 222 223",
    "DE-MV": "17 18 190",
    "DE-NI": "26 30 291 301 381",
    "DE-NW": "40 41 42 44 45 46 47 50 52 58 59",
    "DE-RP": "54 55 56",
    "DE-SH": "24",
    "DE-SL": "661 662 663 664",
    "DE-SN": "010 011 012 013 041 042 043 08 090 091 092",
    "DE-ST": "061 390 391",
    "DE-TH": "073 077 990 991 994",
}
REGION_BY_DIGITS: Mapping[str, str] = {
    digits: region for region, led in _LED.items() for digits in led.split()
}


def region_of(postal_code: str) -> str:
    """The region (ISO 3166-2) of a postal code; empty where it is not certain."""
    code = postal_code.strip()
    if len(code) != 5 or not code.isascii() or not code.isdigit():
        return ""
    led = (code[:length] for length in (4, 3, 2))
    return next((REGION_BY_DIGITS[each] for each in led if each in REGION_BY_DIGITS), "")
