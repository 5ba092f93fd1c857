"""Who wrote these bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.exchange.signature import is_key, public_key, sign, verifies
from safeconduct.model.errors import InvalidInput

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493  # of the base point (RFC 8032 section 5.1)
SEED = bytes(range(32))
KEY = public_key(SEED)


def points(y):
    """Points of the curve with this y."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    return {(x, y), (-x % P, y)} if x * x % P == square else set()


def plus(a, b):
    """Sum of two points, by the formula of RFC 8032 section 5.1.4 in affine form."""
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P


def times_8(point):
    for _ in range(3):
        point = plus(point, point)
    return point


def low_order_points():
    """The eight points of low order, found by clearing nothing: ORDER times any point has an order dividing 8."""
    found = set()
    for y in range(2, 60):
        for point in points(y):
            total, power, left = (0, 1), point, ORDER
            while left:
                total = plus(total, power) if left & 1 else total
                power, left = plus(power, power), left >> 1
            found.add(total)
    return found


def encodings(point):
    """Every 32 bytes that some reader takes for this point: y or y + p, either sign where x is 0."""
    x, y = point
    signs = (0, 1) if x == 0 else (x & 1,)
    return [(value | sign << 255).to_bytes(32, "little") for value in (y, y + P) if value < 2**255 for sign in signs]


def test_a_key_of_low_order_is_no_key():
    """All eight points of low order, in every encoding, are refused as keys; there anybody can sign anything."""
    found = low_order_points()
    assert len(found) == 8
    assert {times_8(point) for point in found} == {(0, 1)}
    forged = bytes([1, *bytes(63)])  # R the neutral point, S zero
    for point in found:
        for each in encodings(point):
            assert not is_key(each)
            assert not verifies(each, b"anything", forged)


def test_a_key_has_one_encoding():
    """y at or above the prime is refused even where the point itself would do."""
    assert [y for y in range(P, 2**255) if is_key(y.to_bytes(32, "little"))] == []
    assert is_key(KEY)


def test_the_published_key_and_signature():
    """RFC 8032 section 7.1, test 2."""
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    assert public_key(seed).hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert sign(seed, b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.data())
def test_any_changed_bit_is_noticed(seed, message, data):
    """A signature holds for its own key and message, and for no key, message or signature one bit away."""
    key, signature = public_key(seed), sign(seed, message)
    assert verifies(key, message, signature)
    whole = key + signature + message
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    assert not verifies(bytes(changed[:32]), bytes(changed[96:]), bytes(changed[32:96]))


def test_s_has_one_form():
    """S + L fits the same equation and is refused (RFC 8032 section 8.4)."""
    signature = sign(SEED, b"m")
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not verifies(KEY, b"m", signature[:32] + s.to_bytes(32, "little"))


@given(st.binary(max_size=70), st.binary(max_size=8), st.binary(max_size=70))
def test_any_bytes_are_judged(key, message, signature):
    """Whatever the lengths, the answer is a plain no, never an error."""
    assert verifies(key, message, signature) is False


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused_and_not_shown(length):
    """The error says how long it was, never what it was."""
    seed = b"\x5a" * length
    with pytest.raises(InvalidInput) as refused:
        sign(seed, b"")
    assert "5a" not in str(refused.value)
    assert "ZZ" not in str(refused.value)
