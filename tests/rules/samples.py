"""Facts of good cases, everything met on the edge."""

from typing import Any

MENTOR: dict[str, Any] = {
    "target_naziv": "mentor",
    "route": "ordinary",
    "post": "strokovni_delavec",
    "workplace": "sola",
    "proposer": "ravnatelj",
    "worker_agrees": True,
    "delovna_doba_years": 4,
    "successful_at_work": True,
    "niu_points": 4,
    "dsd_points": 4,
    "opinion_secret_ballot": True,
    "opinion_votes_for": 11,
    "opinion_voters_total": 20,
    "attachments": ["utemeljitev", "mnenje"],
}
