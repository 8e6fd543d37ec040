"""The constants and what is derived from them."""

import math

import numpy as np

from rooms.arena.rules import CONTACT, RULES, THRUST_X, THRUST_Y, mix


def test_the_sine_table_is_a_sine_rounded_to_its_scale() -> None:
    scale = 1 << RULES.sine_shift
    assert [round(scale * math.sin(math.tau * i / 256)) for i in range(256)] == list(RULES.sine)


def test_heading_0_points_right_and_64_points_down() -> None:
    assert (THRUST_X[0], THRUST_Y[0]) == (RULES.thrust, 0)
    assert (THRUST_X[64], THRUST_Y[64]) == (0, RULES.thrust)


def test_mixing_gives_the_known_values_of_its_source() -> None:
    # lowbias32 of 0, 1 and 0xFFFFFFFF, computed with Python's own integers.
    def reference(x: int) -> int:
        x = (x ^ x >> 16) * 0x7FEB352D & 0xFFFFFFFF
        x = (x ^ x >> 15) * 0x846CA68B & 0xFFFFFFFF
        return x ^ x >> 16

    values = [0, 1, 0xFFFFFFFF, 123456789]
    assert mix(np.array(values)).tolist() == [reference(value) for value in values]


def test_an_olive_is_gone_before_its_place_in_the_ring_is_needed_again() -> None:
    assert RULES.olive_life <= RULES.cooldown * RULES.ring


def test_squared_distances_at_contact_fit_32_bits() -> None:
    assert 2 * (CONTACT + 2048) ** 2 < 2**31
