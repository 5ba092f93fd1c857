"""What is remembered for a value is what the function says of it, and is let go of in turn."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.exchange.remembered import remembered


@dataclass(frozen=True, slots=True)
class Word:
    """A value that equals others of its text."""

    text: str


def counted(most):
    """A remembered function, and the values for which it was really asked."""
    asked = []

    @remembered(most)
    def length(word):
        """How long it is."""
        asked.append(word)
        return len(word.text)

    return length, asked


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_it_says_what_the_function_says(order, most):
    """Whatever is asked in whatever order, and however little is remembered."""
    length, _ = counted(most)
    words = [Word("x" * size) for size in range(10)]
    assert [length(words[each]) for each in order] == order


def test_the_same_value_is_asked_for_once():
    """The function is not run again for a value that it has seen."""
    length, asked = counted(2)
    word = Word("abc")
    assert (length(word), length(word)) == (3, 3)
    assert len(asked) == 1


def test_the_value_remembered_longest_leaves_first():
    """One more than fit, and the first is asked for anew, the last is not."""
    length, asked = counted(2)
    words = [Word("a"), Word("bb"), Word("ccc")]
    for each in (*words, words[2], words[0]):
        length(each)
    assert asked == [*words, words[0]]


def test_a_value_that_came_after_another_is_not_taken_for_it():
    """Values made where others were given up get answers of their own."""
    length, _ = counted(1)
    assert [length(Word("x" * size)) for size in range(200)] == list(range(200))


def test_an_error_is_not_remembered():
    """What failed is tried again."""
    tries = []

    @remembered(1)
    def failing(word):
        """Fails."""
        tries.append(word)
        raise ValueError("no length")

    word = Word("a")
    for _ in range(2):
        with pytest.raises(ValueError, match="no length"):
            failing(word)
    assert tries == [word, word]


def test_cleared_it_remembers_nothing():
    """After clearing, each value is asked for anew."""
    length, asked = counted(2)
    word = Word("abc")
    length(word)
    length.cache_clear()
    length(word)
    assert len(asked) == 2
