"""Parameters of chapter 5, policy channels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cryptorisk.params.base import (
    Frozen,
)


class ChannelsParams(Frozen):
    """Chapter 5, policy channels."""

    remittance_ticket_usd: Literal[200, 500] = Field(
        200, description="Ticket size of the remittance cost comparison.", json_schema_extra={"unit": "USD"}
    )
