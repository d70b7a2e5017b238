"""The rules of docs/design.md that can be read off the source: who imports whom, and what no module may do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "xorviz"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

#: What may be imported only in some places; a name ending in / is a folder.
HOMES = {
    "matplotlib": ("artists/", "panels/", "production/canvas.py"),
    "contourpy": ("artists/", "panels/"),
    "av": ("encoders/_video.py", "encoders/_video_compressor.py"),
    "PIL": ("artists/", "encoders/", "pages/", "embed/"),
    "numba": ("encoders/_lzw_kernel.py", "sweeps/engines/_corners_kernel.py", "sweeps/engines/_exponential.py"),
    "llvmlite": ("sweeps/engines/_exponential.py",),
    "imageio": ("embed/reading.py",),
    "pptx": ("encoders/_movie_on_slide.py", "encoders/pptx.py"),
    "sphinx": ("embed/sphinx.py",),
    "docutils": ("embed/sphinx.py",),
    "distributed": ("render/crew.py",),
    "pyarrow": ("sweeps/export.py",),
    "cyclopts": ("render/",),
    "tqdm": ("render/",),
    "sqlite3": (
        "recordings/database.py",
        "recordings/opening.py",
        "recordings/partial_file.py",
        "recordings/recording_writer.py",
        "recordings/row_reader.py",
        "recordings/storage.py",
        "recordings/unwritten.py",
        "sweeps/claim.py",
        "sweeps/store.py",
        "sweeps/study.py",
        "recordings/thinning.py",
    ),
    "mpl_toolkits": (),
    "autograd": (),
    "torch": ("recorders/torch_module.py",),
    "keras": ("recorders/keras_model.py", "recorders/callbacks.py"),
    "jax": ("recorders/jax_tree.py",),
    "sklearn": ("recorders/sklearn_estimator.py",),
    "lightning": ("recorders/callbacks.py",),
    "transformers": ("recorders/callbacks.py",),
    "safetensors": ("recorders/importing.py",),
}

#: Who calls what is to its right, on use: notebooks ask a recording to show itself, and what shows it draws.
LATE = {"recordings/displayed.py": "xorviz.embed.notebook"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def member_of(path: Path) -> str:
    """The name under which a file appears in the chain: its folder's, or its own."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Full names of everything a module imports, also inside functions, for type checkers, and by import_module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            argument = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            assert isinstance(argument, ast.Constant), f"line {node.lineno}: cannot see what is imported"
            yield argument.value


def chain() -> list[str]:
    """The modules in the order that docs/design.md states, leftmost first."""
    stated = re.findall(r"`([^`]*←[^`]*)`", (ROOT / "docs" / "design.md").read_text(encoding="utf-8"))
    assert len(stated) == 1, "docs/design.md must state the dependency chain once, in one pair of backticks"
    return stated[0].replace("←", " ").split()


def test_the_chain_names_every_module_once():
    stated = chain()
    assert len(set(stated)) == len(stated)
    # __init__ stands outside: it names things from everywhere, and loads them on first use.
    assert set(stated) == {member_of(path) for path in MODULES} - {"__init__"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_come_from_the_left(path):
    if path == PACKAGE / "__init__.py":
        return
    own, stated = member_of(path), chain()
    late = LATE.get(name_of(path), "")
    allowed = {own, *stated[: stated.index(own) if own in stated else 0]}
    for name in imports(TREES[path]):
        parts = name.split(".")
        if parts[0] == "xorviz" and name not in ("xorviz.__version__", late):
            assert parts[1] in allowed, f"{name_of(path)} imports {name}, which is not to its left"


def test_the_package_itself_imports_nothing_of_its_own_at_run_time():
    at_run_time = [
        node
        for node in TREES[PACKAGE / "__init__.py"].body
        if isinstance(node, ast.Import | ast.ImportFrom) and "xorviz" in ast.unparse(node)
    ]
    assert at_run_time == []


@pytest.mark.parametrize("library", HOMES)
def test_libraries_have_their_places(library):
    for path, tree in TREES.items():
        if any(
            name_of(path) == home or (home[-1] == "/" and name_of(path).startswith(home)) for home in HOMES[library]
        ):
            continue
        assert [name for name in imports(tree) if name.split(".")[0] == library] == [], name_of(path)


FRAMEWORKS = ("torch", "keras", "jax", "sklearn", "lightning", "transformers", "safetensors")
EXTRAS = ("dask", "fast", "parquet", "slides", "sphinx", *FRAMEWORKS)


def test_every_library_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    # What an extra brings is imported on use, behind a sentence that says how to install it.
    requirements = [
        *project["dependencies"],
        *(one for extra in EXTRAS for one in project["optional-dependencies"][extra]),
    ]
    declared = {re.split(r"[<>=!~\[ ]", requirement)[0].lower() for requirement in requirements}
    called_otherwise = {"PIL": "pillow", "font_source_sans_pro": "font-source-sans-pro", "fontTools": "fonttools"}
    called_otherwise |= {"sklearn": "scikit-learn", "pptx": "python-pptx"}
    imported = {name.split(".")[0] for tree in TREES.values() for name in imports(tree)}
    outside = imported - set(sys.stdlib_module_names) - {"xorviz"}
    assert {called_otherwise.get(name, name) for name in outside} - declared == set()


def imported_by(code: str) -> set[str]:
    """The modules that some code leaves in a fresh interpreter."""
    code += "\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


HEAVY = {"numpy", "scipy", "numba", "matplotlib", "mpl_toolkits", "PIL", "av", "imageio", "contourpy", "sqlite3"} | {
    *("torch", "keras", "jax", "sklearn", "lightning", "transformers", "safetensors")
}


def test_import_xorviz_imports_nothing_heavy():
    assert imported_by("import xorviz") & (HEAVY | {"msgspec", "tqdm", "cyclopts", "tomllib"}) == set()


def test_help_imports_nothing_heavy():
    commands = ("render", "still", "sheet", "embed", "explore", "train", "info", "verify", "sweep", "export")
    words = [["--help"], *([command, "--help"] for command in commands), []]
    found = imported_by(f"from xorviz.render.app import main\nfor words in {words}: assert main(words) == 0")
    assert found & (HEAVY | {"msgspec", "tqdm"}) == set()


def test_no_module_imports_pyplot_or_av_or_mplot3d_by_being_imported():
    # A file that is compiled needs its extra to be imported at all.
    paths = [path for path in MODULES if name_of(path) not in HOMES["numba"]]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    found = imported_by(f"from importlib import import_module\nfor name in {names}: import_module(name)")
    assert found & {"matplotlib.pyplot", "matplotlib.figure", "mpl_toolkits.mplot3d", "av", "imageio", "numba"} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_say_what_they_are_for(path):
    vague = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
    words = {word for part in path.relative_to(ROOT).with_suffix("").parts for word in part.split("_")}
    assert words & vague == set()
    assert ast.get_docstring(TREES[path])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_files_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_library_neither_prints_nor_touches_global_state(path):
    forbidden = {"pyplot", "rcParams", "rc_context", "breakpoint"}
    if member_of(path) != "render":
        forbidden |= {"print", "input", "stdout", "stderr", "argv", "environ"}
    if name_of(path) == "encoders/_coding.py":
        # SVT-AV1 writes to stderr unless its environment says otherwise, and has no other setting for it.
        forbidden -= {"environ"}
    used = {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(TREES[path])}
    used |= {name.split(".")[-1] for name in imports(TREES[path])}
    assert used & forbidden == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_evaluated_or_unpickled(path):
    """As SECURITY.md says; only the length of a pickle is taken."""
    used = {
        (node.value.id, node.attr)
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    called = {
        node.func.id for node in ast.walk(TREES[path]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called & {"eval", "exec", "compile", "__import__"} == set()
    assert {attribute for module, attribute in used if module in ("pickle", "marshal", "shelve")} <= {"dumps"}


def tool_passes(name: str, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", name, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_consistent():
    tool_passes("mypy", "--strict", "-p", "xorviz")


def test_the_style_is_kept():
    tool_passes("ruff", "check", "xorviz", "tests", "benchmarks")
