"""What `import cryptorisk` promises, and that it stays quick."""

import subprocess
import sys

import pytest

import cryptorisk as cr


def test_estimators_and_rules_are_reached_from_the_package():
    code = (
        "import sys; import cryptorisk as cr; cr.stats, cr.rules; "
        "assert not {'numpy', 'pandas', 'scipy', 'statsmodels', 'arch'} & set(sys.modules); "
        "print(*(one.__module__ for one in (cr.stats.tails.gpd, cr.rules.sco60.assess)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert told == ["cryptorisk.stats.tails", "cryptorisk.rules.sco60"]
    assert callable(cr.stats.garch.fit)
    assert callable(cr.stats.connectedness.fevd)


@pytest.mark.parametrize("room", ["stats", "rules"])
def test_an_unknown_module_is_no_attribute(room):
    assert "nothing" not in dir(getattr(cr, room))
    with pytest.raises(AttributeError, match=f"'cryptorisk.{room}' has no attribute 'nothing'"):
        getattr(cr, room).nothing  # noqa: B018
    assert not hasattr(getattr(cr, room), "a.b")
