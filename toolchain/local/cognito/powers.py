"""Powers of one base, with what is the same for all of them computed once.

Python's own pow takes 5 ms for a number of SRP's size, in which nothing else of `up` runs: it dominated
signing up. (A. Menezes et al., Handbook of Applied Cryptography, 14.109: fixed-base windowing.)
"""

from functools import cached_property

_DIGIT_BITS = 5


class Powers:
    """base ** exponent % modulus for exponents from 0 on; the first is as slow as ever."""

    def __init__(self, base: int, modulus: int, exponent_bits: int) -> None:
        self._base = base
        self._modulus = modulus
        self._digits = -(-exponent_bits // _DIGIT_BITS)

    def power(self, exponent: int) -> int:
        """Raises ValueError for an exponent of more bits than were announced."""
        if exponent < 0 or exponent.bit_length() > self._digits * _DIGIT_BITS:
            raise ValueError(f"an exponent has 0 to {self._digits * _DIGIT_BITS} bits")
        product = 1
        for powers in self._table:
            if digit := exponent & (1 << _DIGIT_BITS) - 1:
                product = product * powers[digit] % self._modulus
            exponent >>= _DIGIT_BITS
            if not exponent:
                break
        return product

    @cached_property
    def _table(self) -> list[list[int]]:
        """For each digit of an exponent, the power of the base that each value of it stands for."""
        table, base = [], self._base
        for _ in range(self._digits):
            powers = [1]
            for _ in range((1 << _DIGIT_BITS) - 1):
                powers.append(powers[-1] * base % self._modulus)
            table.append(powers)
            base = powers[-1] * base % self._modulus
        return table
