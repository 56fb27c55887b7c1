"""A lower room never imports a higher one (ARCHITECTURE.md)."""

import ast
from pathlib import Path

import cryptorisk

LAYERS = (
    {"errors", "estimate", "result", "words", "countries", "kit", "periods", "files"},
    {"params", "paramfile", "data", "stats", "rules"},
    {"models"},
    {"analysis"},
    {"charts"},
    {"report"},
    {"cli", "environment", "__main__"},
)
PACKAGE = Path(cryptorisk.__file__).parent


def layer(room):
    return next(number for number, rooms in enumerate(LAYERS) if room in rooms)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cryptorisk."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "cryptorisk":
            yield from (alias.name for alias in node.names if alias.name in set().union(*LAYERS))
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("cryptorisk."))


def test_every_room_has_a_layer_and_looks_down_only():
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        wrong += [
            f"{path.relative_to(PACKAGE)} imports {other}"
            for other in imports(path)
            if layer(other) > layer(room)
        ]
    assert wrong == []


def test_estimators_know_no_country_or_file():
    wrong = []
    for path in sorted((PACKAGE / "stats").rglob("*.py")) + sorted((PACKAGE / "rules").rglob("*.py")):
        others = set(imports(path)) - {"errors", "stats", "rules"}
        wrong += [f"{path.name} imports {sorted(others)}"] if others else []
    assert wrong == []


def test_models_touch_no_network_clock_or_drawing():
    banned = {"matplotlib", "seaborn", "requests", "socket", "urllib", "time", "subprocess"}
    wrong = []
    for path in sorted((PACKAGE / "models").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            wrong += [f"{path.name} imports {n}" for n in names if n.split(".")[0] in banned]
    assert wrong == []
