"""Documents name files that exist, and say nothing that does not belong in them."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "METHODS.md",
    "CONTRIBUTING.md",
    "data/README.md",
    "reports/README.md",
)
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|yaml|csv|json|ipynb|toml|md))`")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_files_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    bases = (ROOT, ROOT / "cryptorisk", (ROOT / name).parent)
    named = {p for p in PATH.findall(text) if not p.startswith(("reports/2", "own/", "<")) and "NN_" not in p}
    missing = sorted(p for p in named if not any((base / p).exists() for base in bases))
    assert missing == []


def test_no_machine_path_and_nothing_large_is_tracked():
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.decode().split("\0") if name]
    files = [path for path in files if path.is_file()]
    assert [p.name for p in files if p.stat().st_size > 5_000_000] == []
    wrong = []
    for path in files:
        if "tests" in path.relative_to(ROOT).parts:
            continue  # tests look for such paths and so name them
        if path.suffix in (".py", ".md", ".yaml", ".yml", ".toml", ".ipynb", ".txt", ".html", ".json", ""):
            text = path.read_text(encoding="utf-8", errors="ignore")
            wrong += [str(path)] if re.search(r"(?<![\w./-])/(?:root|home/\w+|Users/\w+)/", text) else []
    assert wrong == []
