"""Whatever stands in a file, reading it gives parameters or one ParameterError."""

# ruff: noqa: E501 - one line of samples

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cryptorisk.data.inputs import load_inputs
from cryptorisk.errors import ParameterError
from cryptorisk.kit import find_root
from cryptorisk.paramfile import load_params
from cryptorisk.paramfile.bounds import keys
from cryptorisk.params import Params

CALM = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parameters_or_error(path):
    try:
        return load_params(path)
    except ParameterError as error:
        return error


def read(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_bytes(content)
        outcome = parameters_or_error(path)
        if isinstance(outcome, ParameterError):
            assert outcome.problems
            assert all(problem.what for problem in outcome.problems)
            assert str(outcome).startswith(str(path))
        else:
            assert isinstance(outcome, Params)


@CALM
@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"%YAML 1.1\n---\ncountry: NO")
@example(b"%TAG ! tag:x\n---\na: !b c")
def test_any_bytes(content):
    read(content)


@CALM
@given(st.text(max_size=200))
@example('country: "\\ud800"')
@example("? [1, 2]\n: 3\ncountry: KEN")
@example("country: KEN\nseed: " + "9" * 5000)
@example("country: KEN\nseed: 1e400")
@example("country: KEN\nseed: -0x_")
@example("country: KEN\nseed: 0b")
@example("country: KEN\ncrash: &a {paths: *a}")
@example("country: KEN\n<<: {seed: 1}")
@example("country: KEN\noverrides: {bank_tier1_usd: {file: 'a\\0', unit: usd}}")
@example('country: KEN\noverrides: {bank_tier1_usd: {file: "a\\n", unit: usd}}')
@example("country: KEN\nas_of: 0000-00-00")
@example("a: 'b")
@example("{")
@example("\t")
@example("!!binary x: 1")
@example('a: "\\xZZ"')
@example("%YAML 9.9\n---\na: 1")
def test_any_text(content):
    read(content.encode("utf-8", "surrogatepass"))


SCALARS = st.sampled_from(
    ["1", "-1", "0.5", "1e3", ".nan", ".inf", "true", "~", "", "KEN", "2024-01-01", "2024-13-01", "'x'", "[]", "{}", "[1, {a: b}]", "0x1F", "50%", "*x", "&x 1", "!!int a", "|\n   text", "usd"]
)  # fmt: skip
FIELDS = [key for key in keys(()) if not keys((key,))] + ["overrides", "nonsense", "0", "~"]


@CALM
@given(
    st.lists(st.tuples(st.sampled_from(FIELDS), SCALARS), max_size=4),
    st.sampled_from([key for key in keys(()) if keys((key,))]).flatmap(
        lambda section: st.tuples(
            st.just(section),
            st.lists(st.tuples(st.sampled_from([*keys((section,)), "low"]), SCALARS), max_size=4),
        )
    ),
    st.sampled_from(["bank_tier1_usd", "no_such_usd"]),
    SCALARS,
)
def test_likely_mistakes(top, block, series, value):
    section, entries = block
    lines = [f"{name}: {given}" for name, given in top]
    lines += [f"{section}:"] + [f"  {name}: {given}" for name, given in entries]
    lines += ["overrides:", f"  {series}: {value}"]
    read("\n".join(["country: KEN", *lines]).encode())


OWN = {
    "household_crypto_holdings_usd": "usd",
    "reserves_usd": "usd",
    "exports_gs_usd": "usd",
    "portfolio_net_usd_q": "usd",
    "policy_rate_pct": "pct",
    "usd_broad_index": "index",
}
PERIODS = st.sampled_from(
    ["2024", "2025", "2025-12-31", "2025-Q2", "2025-06", "2025-06-30", "2025-06-15", "2025-01-31", "2026-10-31", "2030"]
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(OWN)),
    st.lists(
        st.tuples(PERIODS, st.sampled_from(["1", "-2.5", " 3 ", "1e9", "1_000", "", "nan"])), max_size=4
    ),
    st.sampled_from(["date,value", "Date,Value", ""]),
    st.sampled_from(["", "as_of: 2025-06-30\n"]),
)
@example("exports_gs_usd", [("2025-01-31", "1"), ("2025-06-30", "2")], "date,value", "")
@example("reserves_usd", [("2025-01-31", "1"), ("2025-06-30", "2")], "date,value", "")
@example("reserves_usd", [("2025", "1"), ("2025-12-31", "2")], "date,value", "")
@example("exports_gs_usd", [("2025", "1")], "date,value", "as_of: 2025-06-30\n")
def test_what_the_check_accepts_the_report_reads(series, rows, head, as_of):
    """Own series are judged by the code that reads them for a report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        (path.parent / "own.csv").write_text("\n".join([head, *(f"{date},{value}" for date, value in rows)]))
        path.write_text(
            f"country: KEN\n{as_of}overrides:\n  {series}: {{file: own.csv, unit: {OWN[series]}}}\n"
        )
        outcome = parameters_or_error(path)
        if isinstance(outcome, Params):
            inputs = load_inputs(outcome, root=find_root())
            (finding,) = [one for one in inputs.findings if one.id == f"data.own_{series}"]
            unused = "all lie after" in finding.text
            assert ("bank" in inputs.series(series).source_ids) is not unused
        else:
            assert f"overrides.{series}.file: 'own.csv'" in str(outcome)
            assert all(problem.line == 3 + bool(as_of) for problem in outcome.problems)
