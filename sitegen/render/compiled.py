"""How templates are compiled: text is escaped the fast way."""

from typing import Any

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame

_ESCAPE_TEXT = getattr(markupsafe, "_escape_inner", None)


def escaped(value: Any) -> str:
    """A value as HTML text. A plain str comes back, since it is only joined: Markup costs twice as much."""
    if type(value) is str and _ESCAPE_TEXT:
        return str(_ESCAPE_TEXT(value))
    return markupsafe.escape(value)


class Compiler(CodeGenerator):
    """Jinja's own, with `escaped` in place of `escape` where a template prints."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.escaped(")
        if finalize.src is not None:
            self.write(finalize.src)
