"""How templates are compiled: text is escaped the fast way."""

from collections.abc import Callable
from typing import Any, cast

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def escaped(value: Any) -> str:
    """A value as HTML text. A plain str comes back, since it is only joined: Markup costs twice as much."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is Markup:
        return cast("Markup", value)
    return str(value) if kind is int else markupsafe.escape(value)


class Compiler(CodeGenerator):
    """Jinja's own, with `escaped` in place of `escape` where a template prints."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.escaped(")
        if finalize.src is not None:
            self.write(finalize.src)
