"""``cryptorisk data``: see, check and compile the data."""

from __future__ import annotations

import typer

app = typer.Typer(help="See, check and compile the data.", no_args_is_help=True, rich_markup_mode="markdown")


@app.callback()
def _data() -> None:
    pass
