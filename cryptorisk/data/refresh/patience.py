"""How long a refresh waits: for an answer, between attempts, and in all."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import tenacity

from cryptorisk.data.sources.web import Web
from cryptorisk.errors import FetchError


@dataclass(frozen=True)
class Patience:
    """Bounds of a refresh.

    Attributes
    ----------
    attempts : int
        For one task, when its faults are passing ones.
    first_wait_seconds, longest_wait_seconds : float
        The wait doubles from the first to the longest, with as much again at random so that clients of one provider
        do not come back together; a provider's own request to wait comes first, up to ``longest_asked_seconds``.
    longest_asked_seconds : float
        A provider that asks for more is not asked again in this refresh.
    failures_in_a_row : int
        So many tasks of a source that fail one after the other for passing faults end the asking of it: it is down.
    total_seconds : float
        For the whole refresh.
    web : Web
        Bounds of a single answer.
    """

    attempts: int = 5
    first_wait_seconds: float = 2.0
    longest_wait_seconds: float = 60.0
    longest_asked_seconds: float = 300.0
    failures_in_a_row: int = 3
    total_seconds: float = 3600.0
    web: Web = field(default_factory=Web)

    def retrying(self, stopped: threading.Event) -> tenacity.Retrying:
        """Repeats a call whose `FetchError` is transient; ends early when ``stopped`` is set."""
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._worth_another),
            wait=self._wait,
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(self.attempts), tenacity.stop_when_event_set(stopped)
            ),
            sleep=tenacity.sleep_using_event(stopped),
            reraise=True,
        )

    def _worth_another(self, error: BaseException) -> bool:
        if not isinstance(error, FetchError) or not error.transient:
            return False
        return (error.retry_after or 0.0) <= self.longest_asked_seconds

    def _wait(self, state: tenacity.RetryCallState) -> float:
        doubling = tenacity.wait_random_exponential(
            multiplier=2 * self.first_wait_seconds, max=self.longest_wait_seconds
        )
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.retry_after if isinstance(error, FetchError) else None
        return max(asked or 0.0, doubling(state), self.first_wait_seconds)
