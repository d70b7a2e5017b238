"""An extension for Sphinx: ``.. xorviz:: recipe.toml`` renders at build time and shows the animation.

In conf.py: ``extensions = ["xorviz.embed.sphinx"]``. HTML gets a player, a movie or a picture; LaTeX and every other
builder gets the poster. What was rendered is kept beside the doctrees, under a name made of all that it depends on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from xorviz import __version__
from xorviz.embed.bundles import Bundle, Variant, find_bundle
from xorviz.embed.markup import MARKUP, url
from xorviz.embed.rendering import NEEDED, dependencies, rendered
from xorviz.errors import UsageError, XorvizError

_KINDS = tuple(NEEDED)
_THEMES = ("light", "dark", "print", "both")
_OF_RENDER = (
    *("scene", "size", "fps", "duration", "seconds", "clock", "hold", "loop", "quality"),
    *("seed", "arithmetic", "seeds", "data", "noise", "target", "plane"),
)


class Animation(nodes.General, nodes.Element):
    """An animation around the image node of its poster; ``bundle`` and ``kind`` say what HTML shows instead."""


class AnimationDirective(SphinxDirective):
    """``.. xorviz:: SOURCE``: a recipe, a recording, an article's name, or a bundle that is there already.

    Options are those of ``xorviz render``, and ``:as:`` picture, video or player, ``:theme:`` with ``both`` for readers
    of light and dark pages, ``:alt:``, ``:name:``, ``:align:``, ``:class:``. The content is the caption.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "as": lambda text: directives.choice(text, _KINDS),
        "theme": lambda text: directives.choice(text, _THEMES),
        "alt": directives.unchanged_required,
        "name": directives.unchanged_required,
        "class": directives.class_option,
        "align": lambda text: directives.choice(text, ("left", "center", "right")),
        **dict.fromkeys(_OF_RENDER, directives.unchanged_required),
    }

    def run(self) -> list[nodes.Node]:
        """The nodes of the animation."""
        kind = self.options.get("as", self.config.xorviz_as)
        try:
            bundle = self._bundle(self.arguments[0], kind)
        except XorvizError as error:
            raise self.error(f"xorviz: {error}") from error
        if alt := self.options.get("alt"):
            bundle = replace(bundle, alt=" ".join(alt.split()))
        poster = bundle.light.files[".png"]
        image = nodes.image(uri="/" + Path(os.path.relpath(poster, self.env.srcdir)).as_posix(), alt=bundle.alt)
        animation = Animation("", image, bundle=bundle, kind=kind)
        outer = self._figure(animation) if self.content else animation
        outer["classes"] += self.options.get("class", [])
        if align := self.options.get("align"):
            (outer if self.content else image)["align"] = align
        self.set_source_info(outer)
        self.add_name(outer)
        return [outer]

    def _bundle(self, argument: str, kind: str) -> Bundle:
        """The files, rendered now if they are not there already."""
        _, path = self.env.relfn2path(argument)
        if Path(f"{path}.png").is_file():
            self._refuse_options_of_render(argument)
            bundle = find_bundle(path)
            for variant in (bundle.light, bundle.dark):
                for file in variant.files.values():
                    self.env.note_dependency(str(file))
            return bundle
        source = path if argument.endswith((".toml", ".xorviz", ".db")) else argument
        for file in dependencies(source):
            self.env.note_dependency(str(file))
        theme = self.options.get("theme", "")
        themes = ("light", "dark") if theme == "both" else (theme,) if theme else ()
        words = [word for name in _OF_RENDER if name in self.options for word in (f"--{name}", self.options[name])]
        if self.config.xorviz_workers is not None:
            words += ["--workers", str(self.config.xorviz_workers)]
        return find_bundle(rendered(source, kind, words, themes, Path(self.env.doctreedir) / "xorviz"))

    def _refuse_options_of_render(self, argument: str) -> None:
        if given := [name for name in (*_OF_RENDER, "theme") if name in self.options]:
            raise UsageError(
                f"{given[0]} must go with something to render; got {argument!r}, which is a bundle. Leave it out."
            )

    def _figure(self, animation: Animation) -> nodes.Element:
        figure = nodes.figure("", animation)
        parsed = nodes.Element()
        self.state.nested_parse(StringList(self.content), self.content_offset, parsed)
        first, *rest = parsed.children
        if not isinstance(first, nodes.paragraph):
            raise self.error("xorviz: the caption must begin with a paragraph.")
        caption = nodes.caption(first.rawsource, "", *first.children)
        caption.source, caption.line = first.source, first.line
        figure += caption
        if rest:
            figure += nodes.legend("", *rest)
        return figure


class Stills(SphinxPostTransform):
    """Leaves the poster where a builder shows no animation."""

    default_priority = 200

    def run(self, **kwargs: Any) -> None:
        """Replace animations by their posters."""
        builder = self.env._app.builder if hasattr(self.env, "_app") else self.app.builder
        # The books that epub makes take pictures, and neither movies nor programs.
        if builder.format == "html" and builder.name != "epub":
            return
        for animation in list(self.document.findall(Animation)):
            animation.replace_self(animation.children)


def visit(translator: HTML5Translator, node: Animation) -> None:
    """Writes an animation into a page and its files beside the page's images."""
    bundle: Bundle = node["bundle"]
    builder = translator.builder

    def address(path: Path) -> str:
        folder = Path(builder.outdir, builder.imagedir)
        folder.mkdir(parents=True, exist_ok=True)
        _copy(path, folder / path.name)
        return url(f"{builder.imgpath}/{path.name}")

    variants = [("", bundle)]
    if bundle.dark.files:
        variants = [
            (" xorviz-light", replace(bundle, dark=Variant({}))),
            (" xorviz-dark", replace(bundle, light=bundle.dark, dark=Variant({}))),
        ]
    classes = "".join(f" {name}" for name in node["classes"])
    for name, variant in variants:
        markup = MARKUP[node["kind"]](variant, address)
        translator.body.append(f'<div class="xorviz{name}{classes}"{translator_ids(node, name)}>{markup}</div>\n')
    raise nodes.SkipNode


def translator_ids(node: Animation, name: str) -> str:
    """The identifier by which others refer to the node; of two variants the first one has it."""
    ids: Sequence[str] = node["ids"]
    return f' id="{ids[0]}"' if ids and "dark" not in name else ""


def _copy(source: Path, target: Path) -> None:
    """Copies what is not there; another process may do the same at the same time."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.write_bytes(source.read_bytes())
    part.replace(target)


def setup(app: Sphinx) -> ExtensionMetadata:
    """What Sphinx calls."""
    app.add_config_value("xorviz_as", "player", "env", types=(str,))
    app.add_config_value("xorviz_workers", None, "", types=(int,))
    app.add_node(Animation, html=(visit, None))
    app.add_directive("xorviz", AnimationDirective)
    app.add_post_transform(Stills)
    app.connect("builder-inited", _add_style)
    app.add_css_file("xorviz.css")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _add_style(app: Sphinx) -> None:
    app.config.html_static_path.append(str(Path(__file__).parent / "static"))
