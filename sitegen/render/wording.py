"""The theme's fixed words are put into a template when it is compiled, so that no page looks them up."""

from collections.abc import Iterable, Iterator
from itertools import islice

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_CALL = ["name", "lparen", "string", "rparen"]


class Wording(Extension):
    """Reads `_("Home")` as the text in the language that the environment's `_` speaks."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """The tokens of a template, with a string in place of each call of `_` that has nothing but a string."""
        return self._spoken(list(stream))

    def _spoken(self, tokens: list[Token]) -> Iterator[Token]:
        say = self.environment.globals["_"]
        waiting = iter(range(len(tokens)))
        for place in waiting:
            token = tokens[place]
            call = tokens[place : place + 4]
            if token.value == "_" and [part.type for part in call] == _CALL:
                yield Token(token.lineno, "string", say(call[2].value))  # type: ignore[operator]
                next(islice(waiting, 2, 3), None)
            else:
                yield token
