from sitegen.importers.mending import letters


def test_letters_are_all_that_is_no_space() -> None:
    every = "".join(map(chr, range(0x110000)))
    assert letters(every) == len("".join(every.split()))
    assert letters(" a\n\n b\u00a0c\t\u2028d \r\n") == 4
