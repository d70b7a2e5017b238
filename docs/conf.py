"""Sphinx's settings for these pages: ``sphinx-build -W docs build/docs``."""

from __future__ import annotations

from xorviz import __version__

project = "xorviz"
author = "The xorviz developers"
copyright = author
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "xorviz.embed.sphinx"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("References", "References")]


html_theme = "furo"
html_title = "xorviz"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#1b5e9e", "color-brand-content": "#1b5e9e"},
    "dark_css_variables": {"color-brand-primary": "#7db8ea", "color-brand-content": "#7db8ea"},
}
latex_elements = {"papersize": "a4paper"}


def setup(app):
    """On the site, pages from outside this folder are where they are included."""

    def moved(app, name, source):
        source[0] = source[0].replace("(../CONTRIBUTING.md", "(contributing.md")

    app.connect("source-read", moved)
