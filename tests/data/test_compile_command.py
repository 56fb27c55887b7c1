"""`cryptorisk data compile`, on a tiny folder of figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cryptorisk.cli import main
from cryptorisk.data.datalog import BEGIN, END


def test_replace_compiles_anew_and_brings_the_log_up_to_date(
    tmp_path: Path, figures_folder: Path, supplement: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    for folder in ("notebooks", "params", "data"):
        (root / folder).mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    command = ["data", "compile", str(figures_folder), "--vintage", "2026-11-01", "--root", str(root)]
    shutil.copytree(supplement, root / "data" / "supplement")
    assert main(command) == 0
    assert main(command) == 2
    assert "exists already" in capsys.readouterr().err
    assert main([*command, "--replace"]) == 0
    log = root / "data" / "README.md"
    assert not log.exists()
    log.write_text(f"by hand\n{BEGIN}\nold\n{END}\n", encoding="utf-8")
    table = figures_folder / "macro_annual.csv"
    table.write_text(table.read_text().replace("KEN,2022,gdp_usd,95.0", "KEN,2022,gdp_usd,96.0"))
    assert main([*command, "--replace"]) == 0
    assert "2026-11-01 compiled" in capsys.readouterr().out
    text = log.read_text(encoding="utf-8")
    assert text.startswith("by hand\n")
    assert "## Vintage 2026-11-01" in text
    assert "\nold\n" not in text
    assert main(["data", "show", "gdp_usd", "KEN", "--root", str(root)]) == 0
    assert main([*command, "--name", "2026-11-01-own", "--replace"]) == 0
    assert "## Vintage 2026-11-01-own" in log.read_text(encoding="utf-8")
