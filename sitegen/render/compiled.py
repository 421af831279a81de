"""How templates are compiled: text is escaped the fast way, and a block's text is handed on in one piece."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from markupsafe import Markup

SMALL = 256  # a block of less is drawn as soon as it is kept
_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def escaped(value: Any) -> str:
    """A value as HTML text. A plain str comes back, since it is only joined: Markup costs twice as much."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is Markup:
        return cast("Markup", value)
    return str(value) if kind is int else markupsafe.escape(value)


class Block(NamedTuple):
    """What a block in the frame of a page prints; as bytes if it was taken from the page that is to be replaced."""

    name: str
    text: str | bytes


class PageContext(Context):
    """What a template sees. That of a page tells large blocks from the frame around them, which calls `outer_block`."""

    _known: Mapping[str, bytes] | None = None  # nothing in what is no page

    def begin_page(self, known: Mapping[str, bytes]) -> None:
        """This is the context of a page, and what is known of its blocks is what they print, by their names."""
        self._known = known

    def outer_block(self, name: str) -> str | Block:
        """What a block prints that stands in no other; as a str where that is not much, or not of a page."""
        known = self._known
        if known and name in known:
            return Block(name, known[name])
        text = "".join(self.blocks[name][0](self))
        return text if known is None or len(text) < SMALL else Block(name, text)


class Compiler(CodeGenerator):
    """Jinja's own, with `escaped` in place of `escape` where a template prints.

    What a template or a block prints is gathered, as in a macro, and yielded as a whole: Jinja would hand each word
    through the generators of all blocks and templates around it.
    """

    def enter_frame(self, frame: Frame) -> None:
        """Begin a scope; that of a template or block gathers what is printed in it."""
        if _is_outermost(frame):
            self.buffer(frame)
        super().enter_frame(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        """End a scope, and yield what was gathered in it."""
        super().leave_frame(frame, with_python_scope)
        if _is_outermost(frame):
            self.writeline(f"yield concat({frame.buffer})")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        """An include; one without context is yielded past what was gathered, which has to come first."""
        if not node.with_context:
            self._yield_gathered(frame)
        super().visit_Include(node, frame)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802
        """A block; a large one in the frame of a page is yielded apart from what stands around it."""
        if not frame.toplevel or self.extends_so_far or node.scoped or node.required:
            super().visit_Block(node, frame)
        else:
            block = self.temporary_identifier()
            self.writeline(f"{block} = context.outer_block({node.name!r})", node)
            self.writeline(f"if isinstance({block}, str):")
            self.indent()
            self.writeline(f"{frame.buffer}.append({block})")
            self.outdent()
            self.writeline("else:")
            self.indent()
            self._yield_gathered(frame)
            self.writeline(f"yield {block}")
            self.outdent()

    def _yield_gathered(self, frame: Frame) -> None:
        self.writeline(f"yield concat({frame.buffer})")
        self.writeline(f"{frame.buffer}.clear()")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.escaped(")
        if finalize.src is not None:
            self.write(finalize.src)


def _is_outermost(frame: Frame) -> bool:
    return frame.rootlevel or frame.block_frame
