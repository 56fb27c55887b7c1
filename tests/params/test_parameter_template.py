"""The generated files say what the models say."""

import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from cryptorisk.kit import find_root
from cryptorisk.paramfile import load_params
from cryptorisk.paramfile.template import new_file_text, schema_text, template_text
from cryptorisk.params import Params


def names(model, prefix=""):
    for name, field in model.model_fields.items():
        yield prefix + name
        if isinstance(field.annotation, type) and hasattr(field.annotation, "model_fields"):
            yield from names(field.annotation, prefix + name + ".")


def test_template_is_current():
    """`cryptorisk params template > params/template.yaml`."""
    assert (find_root() / "params" / "template.yaml").read_text(encoding="utf-8") == template_text()


def test_schema_is_current():
    """`make schema`."""
    assert (find_root() / "params" / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_template_loads_and_is_the_defaults():
    assert load_params(find_root() / "params" / "template.yaml") == Params(country="KEN")


def test_template_states_every_field_with_an_explanation():
    text = template_text()
    values = YAML(typ="safe", pure=True).load(text)
    for path in names(Params):
        node = values
        for name in path.split("."):
            assert name in node, path
            node = node[name]
    for lines in text.split("\n\n")[1:]:
        assert lines.lstrip().startswith("#"), lines
    assert "default: 0.5" in text
    assert "between 0.9 and 0.999" in text
    assert "unit: share, 0 to 1" in text


def test_schema_is_a_schema_and_accepts_the_shipped_files():
    schema = json.loads(schema_text())
    checker = jsonschema.Draft202012Validator
    checker.check_schema(schema)
    yaml = YAML(typ="safe", pure=True)
    for path in sorted((find_root() / "params").glob("*.yaml")):
        values = yaml.load(path.read_text(encoding="utf-8"))
        given = json.loads(json.dumps(values, default=str))
        assert list(checker(schema).iter_errors(given)) == [], path.name


@pytest.mark.parametrize(
    "given",
    [
        {"country": "KEN", "crash": {"price_drop": 50}},
        {"country": "KEN", "sede": 1},
        {"seed": 1},
        {"country": "ke"},
    ],
)
def test_schema_refuses_what_the_models_refuse(given):
    assert not jsonschema.Draft202012Validator(json.loads(schema_text())).is_valid(given)


def test_schema_takes_a_bare_number_as_override():
    given = {"country": "KEN", "overrides": {"bank_tier1_usd": 1.5e9}}
    assert jsonschema.Draft202012Validator(json.loads(schema_text())).is_valid(given)


def test_a_new_file_loads_with_and_without_its_comments(tmp_path):
    path = tmp_path / "UGA.yaml"
    text = new_file_text("UGA", "Uganda")
    path.write_text(text)
    assert load_params(path) == Params(country="UGA")
    opened = [
        line[2:] if line.startswith("# ") and ":" in line and not line[2].isupper() else line
        for line in text.splitlines()
    ]
    path.write_text("\n".join(line for line in opened if not line.startswith("yaml-language")) + "\n")
    params = load_params(path)
    assert params.overrides["bank_crypto_exposure_usd"].value == 1.2e8
    assert params.classification == "Internal"
