from __future__ import annotations

from pathlib import Path

import pytest

from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES
from xorviz.scenes.layout import places
from xorviz.scenes.recipe import Recipe, read_recipe, scene_from
from xorviz.scenes.scene import SCENES, Scene

OWN = "scene, source, seed, arithmetic, data, change, seeds, runs"
KEYS = f"key must be one of {OWN}, {', '.join(Scene.__struct_fields__)}"
RECIPES = Path(__file__).parents[2] / "render"


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "recipe.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_an_empty_recipe_is_the_dashboard(written) -> None:
    assert read_recipe(written("")) == Recipe(scene=SCENES["dashboard"])


def test_every_key(written) -> None:
    text = """
        source = "runs/mine.xorviz"
        seed = 7
        arithmetic = "textbook"
        scene = "field"
        size = "1280x720"
        fps = 30
        duration_s = 8.5
        hold_s = 2
        n_loops = 1
        clock = "log"
        theme = "dark"
        rows = ["field . loss", "field . loss"]
        row_weights = [1, 2]
        column_weights = [3, 1, 2.5]
        header = false
        time_bar = false
        [panels.field]
        style = "classes"
        bounds = [[0, 1], [-1, 2]]
    """
    assert read_recipe(written(text)) == Recipe(
        source="runs/mine.xorviz",
        seed=7,
        arithmetic="textbook",
        scene=Scene(
            size=(1280, 720),
            fps=30.0,
            duration_s=8.5,
            hold_s=2.0,
            n_loops=1,
            clock="log",
            theme="dark",
            rows=("field . loss", "field . loss"),
            row_weights=(1.0, 2.0),
            column_weights=(3.0, 1.0, 2.5),
            header=False,
            time_bar=False,
            panels={"field": {"style": "classes", "bounds": [[0, 1], [-1, 2]]}},
        ),
    )


def test_several_runs(written) -> None:
    recipe = read_recipe(
        written(
            """
            source = "init-scale"
            rows = ["loss@1 loss@2"]
            [[runs]]
            name = "small"
            change = { initialisation = { hidden_std = 0.1 } }
            [[runs]]
            name = "large"
            seed = 3
            """
        )
    )
    assert [(run.name, run.seed) for run in recipe.runs] == [("small", None), ("large", 3)]
    assert recipe.runs[0].change == {"initialisation": {"hidden_std": 0.1}}
    assert recipe.scene == Scene(rows=("loss@1 loss@2",), run_names=("small", "large"))


def test_seeds_are_short_for_runs(written) -> None:
    recipe = read_recipe(written("seeds = [0, 4]"))
    assert [run.seed for run in recipe.runs] == [0, 4]
    assert recipe.scene == SCENES["multiples"]


def test_other_panels_for_each_recording_leave_the_options_of_the_old_ones_behind(written) -> None:
    scene = read_recipe(written('seeds = [0, 1]\neach = ["loss"]')).scene
    assert scene == Scene(each=("loss",))


def test_keys_replace_what_the_scene_says_and_leave_the_rest(written) -> None:
    recipe = read_recipe(written('scene = "surface"\ntheme = "dark"\nsize = [800, 600]'))
    base = SCENES["surface"]
    assert recipe.scene == Scene(size=(800, 600), theme="dark", rows=base.rows, panels=base.panels)


def test_other_rows_leave_the_weights_and_panels_of_the_old_ones_behind(written) -> None:
    assert read_recipe(written('rows = ["loss"]')).scene == Scene(rows=("loss",))
    assert read_recipe(written('scene = "surface"\nrows = ["loss"]')).scene == Scene(size=(720, 540), rows=("loss",))


def test_what_a_source_is_drawn_as_when_nothing_is_said(written) -> None:
    for text, scene in (
        ('source = "a.db"', "sweep"),
        ("seeds = [1, 2]", "multiples"),
        ('source = "a.xorviz"', "dashboard"),
    ):
        assert read_recipe(written(text)).scene == SCENES[scene]
    assert read_recipe(written('source = "a.db"\nscene = "shelves"')).scene == SCENES["shelves"]


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.name)
def test_the_recipes_that_we_ship(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.source in ARTICLES or (RECIPES / recipe.source).is_file()
    assert places(recipe.scene)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "colour = 1",
            f"{KEYS}; got 'colour'. Did you mean 'clock'?",
        ),
        (
            'teme = "dark"',
            f"{KEYS}; got 'teme'. Did you mean 'theme'?",
        ),
        (
            'scene = "fild"',
            f"scene must be one of {', '.join(SCENES)}, a recipe.toml; got 'fild'. Did you mean 'field'?",
        ),
        ("seeds = [1]\n[[runs]]\nseed = 1", "seeds must not stand beside runs: give each of the runs its own seed"),
        ("[[runs]]\nsed = 1", "Object contains unknown field `sed` - at `$.runs[0]`"),
        ('theme = "blue"', "theme must be one of light, dark, print; got 'blue'"),
        ("fps = -1", "fps must be a number from 0.1 to 3600; got -1.0"),
        ('fps = "fast"', "Expected `float`, got `str` - at `$.fps`"),
        ('size = "960"', "size must be WIDTHxHEIGHT in pixels, such as 960x540; got '960'"),
        ("size = [960]", "Expected `array` of length 2, got 1 - at `$.size`"),
        ('seed = "one"', "Expected `int | null`, got `str` - at `$.seed`"),
        ('rows = "field"', "Expected `array`, got `str` - at `$.rows`"),
        (
            "[panels.loss]\nscale = 1\n[panels.los]\nscale = 1",
            "panels must be one of header, field, surface, loss, gradients, time; got 'los'. Did you mean 'loss'?",
        ),
    ],
)
def test_refused(written, text: str, message: str) -> None:
    path = written(text)
    with pytest.raises(UsageError) as caught:
        read_recipe(path)
    # A sentence ends with one mark.
    end = "" if message.endswith("?") else "."
    assert str(caught.value) == f"recipe {str(path)!r}: {message}{end}"


@pytest.mark.parametrize("text", ["rows = 5", "rows = [1, 2]", "rows = [[]]", "scene = ['field']", "scene = {}"])
def test_values_of_another_type(written, text: str) -> None:
    path = written(text)
    with pytest.raises(UsageError) as caught:
        read_recipe(path)
    assert str(path) in str(caught.value)
    assert text.split()[0] in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"theme = ", "Invalid value (at end of document)"),
        (b"theme = '\xff'", "'utf-8' codec can't decode byte 0xff in position 9: invalid start byte"),
    ],
)
def test_files_that_are_no_recipes(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "recipe.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_recipe(path)
    assert str(caught.value) == f"recipe {str(path)!r} must be a readable TOML file: {reason}."


def test_a_scene_given_in_three_ways(written) -> None:
    path = written('theme = "dark"')
    assert scene_from(SCENES["field"]) is SCENES["field"]
    assert scene_from("field") is SCENES["field"]
    assert scene_from(path) == scene_from(str(path)) == read_recipe(path).scene
    with pytest.raises(UsageError, match="scene must be one of"):
        scene_from("fieeld")


def test_files_of_a_recipe_lie_beside_it(written, tmp_path: Path) -> None:
    text = 'rows = ["difference"]\n[panels.difference]\nrecording = "{}"'
    recipe = read_recipe(written(text.format("runs/other.xorviz")))
    assert recipe.scene.panels["difference"]["recording"] == str(tmp_path / "runs" / "other.xorviz")
    recipe = read_recipe(written(text.format("/far/away.xorviz")))
    assert recipe.scene.panels["difference"]["recording"] == "/far/away.xorviz"
    for name in ("../other.xorviz", "runs/../../other.xorviz"):
        with pytest.raises(UsageError) as caught:
            read_recipe(written(text.format(name)))
        assert str(caught.value) == (
            f"recipe {str(tmp_path / 'recipe.toml')!r}: panels.difference.recording must stay in the recipe's folder, "
            f"or be an absolute path; got {name!r}."
        )


def test_a_table_of_a_recipe_lies_beside_it_too(written, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_recipe(written('[data]\nname = "../secret.csv"'))
    assert str(caught.value) == (
        f"recipe {str(tmp_path / 'recipe.toml')!r}: data.name must stay in the recipe's folder, or be an absolute "
        "path; got '../secret.csv'."
    )


def test_a_recipe_that_is_no_text_of_anybody(written, tmp_path: Path) -> None:
    for text, reason in (
        ("a = " + "[" * 5000, "must be a readable TOML file: "),
        ("# " + "x" * 1_000_000, "must be at most 1,000,000 bytes; got 1,000,002."),
    ):
        with pytest.raises(UsageError, match=f"^recipe '.*recipe.toml' {reason}"):
            read_recipe(written(text))
