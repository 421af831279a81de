"""Names of languages."""

import pytest

from sitegen.languages import own_name


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "français"), ("ar", "العربية"), ("xx", "xx"), ("ja", "日本語")]
)
def test_a_language_names_itself(language: str, expected: str) -> None:
    assert own_name(language) == expected
