"""Every mistake in a parameter file is reported with its line and what to write instead."""

# ruff: noqa: E501 - the tables read best with a case and its message side by side

from pathlib import Path

import pytest

from cryptorisk.errors import ParameterError
from cryptorisk.paramfile import load_params, read_parameter_file
from cryptorisk.paramfile.crosscheck import pillars

LINES = [
    (
        "crash:\n  price_drop: 50",
        "x.yaml:3: crash.price_drop: must lie between 0.01 and 1 (got 50); a drop of 50 % is 0.5",
    ),
    (
        "crash:\n  price_drop: 0",
        "x.yaml:3: crash.price_drop: must lie between 0.01 and 1 (got 0); a drop of 50 % is 0.5",
    ),
    (
        "crash:\n  price_drop: 50%",
        "x.yaml:3: crash.price_drop: must be a number (got '50%'); a drop of 50 % is 0.5",
    ),
    ("crash:\n  price_drop: .inf", "x.yaml:3: crash.price_drop: must be a finite number (got .inf); a drop of 50 % is 0.5"),
    ("crash:\n  paths: 1.5e3x", "x.yaml:3: crash.paths: must be a whole number (got '1.5e3x')"),
    ("crash:\n  paths: 1000.5", "x.yaml:3: crash.paths: must be a whole number (got 1000.5)"),
    ("crash:\n  paths: true", "x.yaml:3: crash.paths: must be a whole number (got true)"),
    ("crash:\n  paths:", "x.yaml:3: crash.paths: must be a whole number (got nothing); leave the line out to keep the default"),
    ("crash: 3", "x.yaml:2: crash: must be a block of `name: value` lines (got 3)"),
    ("crash: [a]", "x.yaml:2: crash: must be a block of `name: value` lines"),
    ("crash:\n  horizon_dayz: 3", "x.yaml:3: crash.horizon_dayz: is not a known parameter; did you mean horizon_days?"),
    ("crash:\n  Var_Level: 0.9", "x.yaml:3: crash.Var_Level: is not a known parameter; did you mean var_level?"),
    ("var_level: 0.95", "x.yaml:2: var_level: is not a known parameter; it belongs under crash:"),
    ("crash:\n  seed: 1", "x.yaml:3: crash.seed: is not a known parameter; seed stands at the top of the file, not in a block"),
    ("report_date: 2025-12-31", "x.yaml:2: report_date: is not a known parameter; did you mean as_of?"),
    ("iso3: KEN", "x.yaml:2: iso3: is not a known parameter; did you mean country?"),
    ("peers: [UK]", "x.yaml:2: peers[1] (counted from 1): must be a country code of three capital letters (got 'UK'); did you mean GBR (United Kingdom)?"),
    ("qqqq: 1", "x.yaml:2: qqqq: is not a known parameter; see params/template.yaml"),
    (
        "channels:\n  zzzz: 1",
        "x.yaml:3: channels.zzzz: is not a known parameter; known here: remittance_ticket_usd",
    ),
    ("'<b>x</b>': 1", "x.yaml:2: '<b>x</b>': is not a known parameter; see params/template.yaml"),
    ("seed: 4294967296", "x.yaml:2: seed: must lie between 0 and 4294967295 (got 4294967296)"),
    ("seed: 010", None),
    ("as_of: 2024-13-01", "x.yaml:2: as_of: must be a date written YYYY-MM-DD (got '2024-13-01')"),
    ("as_of: 1999-01-01", "x.yaml:2: as_of: must not lie before 2009-01-03 (got '1999-01-01')"),
    ("peers: [' ZZZ ']", "x.yaml:2: peers[1] (counted from 1): is not an economy the kit knows (got 'ZZZ'); give an ISO 3166-1 alpha-3 code, for example KEN"),
    ("flight:\n  drain_shares: [0.1, 0.05, 0.1]", "x.yaml:3: flight.drain_shares: must be distinct (0.1 stands twice)"),
    ("crash:\n  scenarios: [{name: a, price_drop: 1}, {name: a, price_drop: 0.5}]", "x.yaml:3: crash.scenarios: must be distinct ('a' stands twice)"),
    ("as_of: 20240101", "x.yaml:2: as_of: must be a date written YYYY-MM-DD (got 20240101)"),
    ("as_of: 2024-01-01 10:00:00", "x.yaml:2: as_of: must be a date written YYYY-MM-DD (got '2024-01-01 10:00:00')"),
    ("vintage: ../../etc", "x.yaml:2: vintage: must be latest or a date written YYYY-MM-DD (got '../../etc'); `cryptorisk data verify` names the vintage at hand"),
    ("institution: 'A {{x}}'", "x.yaml:2: institution: must not hold {{, which the page's checks take for an unfilled template (got 'A {{x}}')"),
    ("institution: 12", "x.yaml:2: institution: must be text (got 12); put it in quotes"),
    ("institution: \"a\\eb\"", "x.yaml:2: institution: holds control characters (got 'a\\x1bb'); retype it as plain text"),
    ("institution: !!python/name:os.system x", "x.yaml:2: institution: has the YAML tag 'tag:yaml.org,2002:python/name:os.system'; write the plain value"),
    ("include_non_commercial: NO", "x.yaml:2: include_non_commercial: must be true or false (got 'NO')"),
    ("peers: [TZA, UG]", "x.yaml:2: peers[2] (counted from 1): must be a country code of three capital letters (got 'UG'); did you mean UGA (Uganda)?"),
    ("peers:\n  - TZA\n  - XXX", "x.yaml:4: peers[2] (counted from 1): is not an economy the kit knows (got 'XXX'); did you mean XKX (Kosovo)?"),
    ("peers: [KEN]", "x.yaml:2: peers[1] (counted from 1): is the country itself (got 'KEN'); take it out"),
    ("peers: [TZA, TZA]", "x.yaml:2: peers[2] (counted from 1): is listed twice (got 'TZA'); take it out"),
    ("peers: TZA", "x.yaml:2: peers: must be a list, for example [a, b] (got 'TZA')"),
    ("seed: 1\nseed: 2", "x.yaml:3: seed: is given twice (first on line 2); keep one"),
    ("institution: &a Bank\nclassification: *a", "x.yaml:2: classification: is a YAML alias (*name); write the value out"),
    ("substitution:\n  reference_currency: usd", "x.yaml:3: substitution.reference_currency: must be one of USD, EUR (got 'usd'); did you mean USD?"),
    ("substitution:\n  displacement: {low: 5, central: 0.1, high: 0.2}", "x.yaml:3: substitution.displacement.low: must lie between 0 and 1 (got 5); 5 % is 0.05"),
    ("substitution:\n  displacement: {low: 0.5, central: 0.2, high: 0.1}", "x.yaml:3: substitution.displacement: must be ordered: low <= central <= high"),
    ("substitution:\n  displacement: {low: 0.5, central: 0.6}", "x.yaml:3: substitution.displacement.high: is missing"),
    ("crash:\n  price_drop: 0.000001", "x.yaml:3: crash.price_drop: must lie between 0.01 and 1 (got 0.000001); a drop of 50 % is 0.5"),
    ("crash:\n  income_elasticity: {low: 0.001, central: 0.75, high: 20}", "x.yaml:3: crash.income_elasticity.high: must lie between 0 and 3 (got 20)"),
    ("crash:\n  income_elasticity: {low: 0, central: 0.75, high: 1}", "x.yaml:3: crash.income_elasticity.low: must lie between 0 and 3, 0 itself excluded"),
    ("flight:\n  drain_shares: []", "x.yaml:3: flight.drain_shares: must have 1 to 6 entries"),
    ("flight:\n  drain_shares: [0.1, 10]", "x.yaml:3: flight.drain_shares[2] (counted from 1): must lie between 0 and 1 (got 10); 5 % is 0.05"),
    ("channels:\n  remittance_ticket_usd: 300", "x.yaml:3: channels.remittance_ticket_usd: must be one of 200, 500 (got 300)"),
    ("crash:\n  scenarios:\n    - {name: '', price_drop: 0.1}", "x.yaml:4: crash.scenarios[1].name (counted from 1): must have 1 to 80 characters (got '')"),
    ("crash:\n  scenarios:\n    - {name: a}", "x.yaml:4: crash.scenarios[1].price_drop (counted from 1): is missing; a drop of 50 % is 0.5"),
    ("matrix:\n  weights: {bank: 2}", "x.yaml:3: matrix.weights.bank: is not a pillar of the risk matrix; did you mean banks?"),
    ("matrix:\n  weights: {banks: -2}", "x.yaml:3: matrix.weights: weights must not be negative (got {'banks': -2.0})"),
    ("overrides: {bank_tier1: 3}", "x.yaml:2: overrides.bank_tier1: is not a known series; did you mean bank_tier1_usd?"),
    ("overrides:\n  bank_tier1_usd: true", "x.yaml:3: overrides.bank_tier1_usd: must be a number, or a block with value or file (got true)"),
    ("overrides:\n  bank_tier1_usd: .nan", "x.yaml:3: overrides.bank_tier1_usd: must be a finite number (got .nan)"),
    ("overrides:\n  bank_tier1_usd: {}", "x.yaml:3: overrides.bank_tier1_usd: give either value or file"),
    ("overrides:\n  bank_tier1_usd: {value: 1, unit: pct}", "x.yaml:3: overrides.bank_tier1_usd.unit: must be the series' unit, usd (got 'pct')"),
    ("overrides:\n  bank_tier1_usd: {file: none.csv, unit: usd}", "x.yaml:3: overrides.bank_tier1_usd.file: there is no such file (got 'none.csv'); the path is relative to the parameter file"),
    ("overrides:\n  bank_tier1_usd: {file: ., unit: usd}", "x.yaml:3: overrides.bank_tier1_usd.file: is not a regular file (got '.')"),
    ("a: b: c", "x.yaml:2: is not valid YAML: mapping values are not allowed here; a text with a colon needs quotes"),
    ("crash:\n\tprice_drop: 0.5", "x.yaml:3: is not valid YAML: a tab stands where spaces must; indent with spaces"),
    ("---\ncountry: UGA", "x.yaml:2: holds several YAML documents; keep one, without a second ---"),
    ("seed: " + "[" * 5000, "x.yaml: is nested too deeply to be a parameter file"),
    ("seed:\n" + "- " * 20000, "x.yaml: is nested too deeply to be a parameter file"),
]  # fmt: skip


def problems_of(path: Path) -> str:
    with pytest.raises(ParameterError) as caught:
        read_parameter_file(path, shown=path.name)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.mark.parametrize(("lines", "message"), LINES, ids=[lines[:40] for lines, _ in LINES])
def test_one_mistake_one_message(tmp_path, lines, message):
    path = tmp_path / "x.yaml"
    path.write_text("country: KEN\n" + lines + "\n", encoding="utf-8")
    if message is None:
        assert read_parameter_file(path).seed == 10  # YAML 1.2: no octal by a leading zero
    else:
        assert problems_of(path) == message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.yaml: is empty; `cryptorisk params new KEN` writes a file to start from"),
        (b"# only a comment\n", "x.yaml: is empty; `cryptorisk params new KEN` writes a file to start from"),
        (b"---\n", "x.yaml: is empty; `cryptorisk params new KEN` writes a file to start from"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.yaml:1: is not UTF-8 text; save the file as plain text in UTF-8"),
        (b"country: KEN\n\x00\x00", "x.yaml: is a binary file, not a parameter file"),
        ("country: KEN\n".encode("utf-16"), "x.yaml: is UTF-16 text; save it as UTF-8"),
        (b"country: KEN\ninstitution: Banque \xe9\n", "x.yaml:2: is not UTF-8 text; save the file as plain text in UTF-8"),
        (b"- KEN\n", "x.yaml:1: must hold `name: value` lines, and is a list; see params/template.yaml"),
        (b"KEN\n", "x.yaml:1: must hold `name: value` lines, and is a single text; see params/template.yaml"),
        (b"#" * 300_000, "x.yaml: is larger than 64 KB and cannot be a parameter file; a series belongs in a CSV file named under overrides"),
        (b"seed: 1\n", "x.yaml: country: is missing; for example KEN"),
        (b"country:\n", "x.yaml:1: country: must be text (got nothing); for example KEN"),
        (b"country: kenya\n", "x.yaml:1: country: must be a country code of three capital letters (got 'kenya'); did you mean KEN (Kenya)?"),
        (b"country: ../KEN\n", "x.yaml:1: country: must be a country code of three capital letters (got '../KEN'); for example KEN"),
        (b"country: <script>alert(1)</script>\n", "x.yaml:1: country: must be a country code of three capital letters (got '<script>alert(1)</script>'); for example KEN"),
        (b"country: ZZZ\n", "x.yaml:1: country: is not an economy the kit knows (got 'ZZZ'); give an ISO 3166-1 alpha-3 code, for example KEN"),
    ],
)  # fmt: skip
def test_whole_files(tmp_path, content, message):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    assert problems_of(path) == message


def test_a_series_refused_on_reading_stands_beside_other_problems(tmp_path):
    """Problems of the models, of the rows and of reading are reported together, a series once."""
    (tmp_path / "a.csv").write_text("date,value\n2025-03-31,1\n2025-06-30,2\n")
    (tmp_path / "b.csv").write_text("date,value\n2025-03-31,one\n")
    path = tmp_path / "x.yaml"
    path.write_text(
        "country: KEN\npeers: [KEN]\noverrides:\n  exports_gs_usd: {file: a.csv, unit: usd}\n"
        "  imports_gs_usd: {file: b.csv, unit: usd}\n  bank_tier1_usd: 5\n"
    )
    peers, exports, imports = problems_of(path).splitlines()
    assert peers.startswith("x.yaml:2: peers[1]")
    assert exports.startswith("x.yaml:4: overrides.exports_gs_usd.file: 'a.csv': line 3: a second figure")
    assert imports.startswith("x.yaml:5: overrides.imports_gs_usd.file: 'b.csv': line 2: the value must be")


def test_every_problem_at_once_in_the_files_order(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(
        "crash:\n  price_drop: 50\n  horizon_dayz: 3\ncountry: KEN\nas_of: soon\nseed: 1\nseed: 2\npeers: [XXX]\n"
        "overrides:\n  nothing_usd: 1\n"
    )
    lines = problems_of(path).splitlines()
    assert [line.split(":")[1] for line in lines] == ["2", "3", "5", "7", "8", "10"]


def test_a_file_that_is_not_there():
    with pytest.raises(ParameterError, match=r"'params/KNE\.yaml' is neither a country code nor a file"):
        load_params("params/KNE.yaml")
    with pytest.raises(ParameterError, match=r"'Kenya' is neither .* did you mean KEN"):
        load_params("Kenya")


@pytest.mark.parametrize("source", ["../../etc", "<script>", "\x00", "K\nE", "a" * 5000])
def test_a_hostile_source_is_refused_in_quotes(source):
    with pytest.raises(ParameterError) as caught:
        load_params(source)
    assert "\x00" not in str(caught.value)
    assert repr(source)[:200] in str(caught.value)


def test_unknown_country_code():
    with pytest.raises(ParameterError, match=r"country: is not an economy the kit knows \(got 'QQQ'\)"):
        load_params("QQQ")


def test_weights_that_are_all_zero(tmp_path):
    path = tmp_path / "x.yaml"
    zeros = ", ".join(f"{name}: 0" for name in pillars())
    path.write_text(f"country: KEN\nmatrix:\n  weights: {{{zeros}}}\n")
    assert problems_of(path) == "x.yaml:3: matrix.weights: must not all be 0; leave one pillar out to weigh 1"


def test_a_folder_is_told_from_a_file(tmp_path):
    with pytest.raises(ParameterError, match=r"is a folder; name the files in it, for example .*\*\.yaml"):
        load_params(str(tmp_path))
