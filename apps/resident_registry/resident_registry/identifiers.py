"""Numbers that look like a resident's identifiers and are invalid by design.

The individual number (個人番号, My Number) has eleven digits and a check digit; ours always carry a wrong one. The
resident code (住民票コード) has eleven digits; ours start with a letter, so no checking rule whatever accepts them.
"""

from __future__ import annotations

_INDIVIDUAL_NUMBER_SPACE = 10**11
_RESIDENT_CODE_SPACE = 10**10
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def individual_number_check_digit(body: str) -> int:
    """Return the check digit that belongs to the eleven digits `body`.

    Formula: ordinance of the Ministry of Internal Affairs No. 85 of 2014, article 5: 11 − (Σ Pn·Qn mod 11), 0 where
    the remainder is 0 or 1; Pn counted from the lowest digit, Qn = n + 1 up to the sixth and n − 5 beyond.
    """
    remainder = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return 0 if remainder <= 1 else 11 - remainder


def passes_check_digit(number: str) -> bool:
    """Tell whether a twelve-digit `number` would pass for a real individual number."""
    return len(number) == 12 and number.isdecimal() and individual_number_check_digit(number[:11]) == int(number[11])


def scattered(index: int, space: int, stride: int, start: int) -> int:
    """Map `index` below `space` to a number of its own in the same space; `stride` must be coprime to `space`."""
    return (start + index * stride) % space


class IdentifierSeries:
    """Distinct invalid identifiers for residents 0, 1, 2 …, scattered by two numbers drawn from the seed."""

    def __init__(self, stride_draw: float, start_draw: float) -> None:
        """Take two draws in [0, 1); an odd stride that does not end in 5 is coprime to every power of ten."""
        self._stride = int(stride_draw * 10**9) * 10 + 7
        self._start = int(start_draw * 10**10)

    def individual_number(self, index: int, shift: int) -> str:
        """Return twelve digits whose check digit is wrong by `shift` (1 to 9)."""
        body = f"{scattered(index, _INDIVIDUAL_NUMBER_SPACE, self._stride, self._start):011d}"
        # The sum of article 5, written out because this line runs once for each resident of a city.
        d = body.encode()
        weighted = (
            6 * (d[0] + d[6])
            + 5 * (d[1] + d[7])
            + 4 * (d[2] + d[8])
            + 3 * (d[3] + d[9])
            + 2 * (d[4] + d[10])
            + 7 * d[5]
            - 48 * sum(_WEIGHTS)
        )
        remainder = weighted % 11
        right = 0 if remainder <= 1 else 11 - remainder
        return f"{body}{(right + shift) % 10}"

    def resident_code(self, index: int) -> str:
        """Return eleven characters, `X` and ten digits: a real code consists of digits alone."""
        return f"X{scattered(index, _RESIDENT_CODE_SPACE, self._stride, self._start):010d}"
