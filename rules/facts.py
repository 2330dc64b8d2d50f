"""The facts a caller may state, by procedure. None means: not known."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Procedure(StrEnum):
    NAZIV = "naziv"
    PLACNI_RAZRED_UM = "placni_razred_um"


class Naziv(StrEnum):
    """In rising order."""

    NONE = "none"
    MENTOR = "mentor"
    SVETOVALEC = "svetovalec"
    SVETNIK = "svetnik"
    VISJI_SVETNIK = "visji_svetnik"

    def reaches(self, other: "Naziv") -> bool:
        order = list(Naziv)
        return order.index(self) >= order.index(other)


class Route(StrEnum):
    ORDINARY = "ordinary"
    EXCEPTIONAL = "exceptional"
    SPECIAL_CONDITIONS = "special_conditions"


class Workplace(StrEnum):
    VRTEC = "vrtec"
    SOLA = "sola"
    JAVNI_ZAVOD = "javni_zavod"


class Post(StrEnum):
    STROKOVNI_DELAVEC = "strokovni_delavec"
    VZGOJITELJ = "vzgojitelj"
    POMOCNIK_VZGOJITELJA = "pomocnik_vzgojitelja"
    POMOCNIK_RAVNATELJA = "pomocnik_ravnatelja"
    RAVNATELJ = "ravnatelj"


class Proposer(StrEnum):
    RAVNATELJ = "ravnatelj"
    STROKOVNI_DELAVEC = "strokovni_delavec"
    SVET_ZAVODA = "svet_zavoda"


class Attachment(StrEnum):
    UTEMELJITEV = "utemeljitev"
    MNENJE = "mnenje"
    DSD_DOKAZILA = "dsd_dokazila"
    NIU_DOKAZILA = "niu_dokazila"


class Delivery(StrEnum):
    OSEBNO = "osebno"
    POSTA = "posta"
    PRIPOROCENO = "priporoceno"


class Rating(StrEnum):
    NADPOVPRECNO = "nadpovprecno"
    POVPRECNO = "povprecno"
    PODPOVPRECNO = "podpovprecno"


class AbsenceReason(StrEnum):
    STARSEVSKI_DOPUST = "starsevski_dopust"
    DRUGO = "drugo"


class PositionChange(StrEnum):
    NONE = "none"
    SAME_OR_LOWER_TARIFF = "same_or_lower_tariff"
    HIGHER_TARIFF = "higher_tariff"


class Kind(StrEnum):
    CHOICE = "choice"
    CHOICES = "choices"
    """A set: order and repetition do not matter."""
    SEQUENCE = "sequence"
    """Choices in time order."""
    BOOL = "bool"
    NUMBER = "number"
    WHOLE = "whole"
    NUMBERS = "numbers"
    OPTIONAL_NUMBERS = "optional_numbers"
    """Numbers in time order; null where there was none."""
    DATE = "date"


@dataclass(frozen=True, slots=True)
class FactSpec:
    name: str
    procedure: Procedure
    kind: Kind
    choices: type[StrEnum] = StrEnum
    lowest: int = 0
    highest: int = 0


@dataclass(frozen=True, slots=True)
class NazivFacts:
    target_naziv: Naziv | None = None
    current_naziv: Naziv | None = None
    route: Route | None = None
    post: Post | None = None
    workplace: Workplace | None = None
    proposer: Proposer | None = None
    worker_agrees: bool | None = None
    head_filed: bool | None = None
    filed_on: date | None = None
    delivery: Delivery | None = None
    posted_on: date | None = None
    received_on: date | None = None
    current_naziv_acquired_on: date | None = None
    years_in_naziv: float | None = None
    delovna_doba_years: float | None = None
    successful_at_work: bool | None = None
    niu_points: float | None = None
    dsd_points: float | None = None
    dsd_points_from_works_2plus: float | None = None
    dsd_points_from_works_3plus: float | None = None
    opinion_secret_ballot: bool | None = None
    opinion_votes_for: int | None = None
    opinion_voters_total: int | None = None
    attachments: tuple[Attachment, ...] | None = None


@dataclass(frozen=True, slots=True)
class PayGradeFacts:
    salary_group_b: bool | None = None
    new_habilitation_title: bool | None = None
    period_started_on: date | None = None
    position_change: PositionChange | None = None
    annual_ratings: tuple[Rating, ...] | None = None
    annual_percentages: tuple[float, ...] | None = None
    absent_whole_period: bool | None = None
    absence_reason: AbsenceReason | None = None
    other_elements_above_average: int | None = None
    student_survey_negative: bool | None = None
    above_average_in_all_elements: bool | None = None
    head_proposes_two_grades: bool | None = None
    funds_secured: bool | None = None
    mandate_years: int | None = None
    director_performance_pct: tuple[float | None, ...] | None = None
    dismissed_for_fault: bool | None = None
    head_proposal: bool | None = None
    systemised_post: bool | None = None
    rector_consent: bool | None = None


# What is plainly impossible is refused; the limits are generous on purpose and decide nothing.
MOST_YEARS, MOST_POINTS, MOST_VOTERS, MOST_ELEMENTS, FULL_PERCENT = 80, 10_000, 10_000, 5, 100
EARLIEST_YEAR, LATEST_YEAR, LONGEST_LIST = 1950, 2100, 60


def _naziv(name: str, kind: Kind, choices: type[StrEnum] = StrEnum, **limits: int) -> FactSpec:
    return FactSpec(name, Procedure.NAZIV, kind, choices, **limits)


def _pay(name: str, kind: Kind, choices: type[StrEnum] = StrEnum, **limits: int) -> FactSpec:
    return FactSpec(name, Procedure.PLACNI_RAZRED_UM, kind, choices, **limits)


# The order is the order in which a person is best asked.
_ALL = (
    _naziv("target_naziv", Kind.CHOICE, Naziv),
    _naziv("current_naziv", Kind.CHOICE, Naziv),
    _naziv("route", Kind.CHOICE, Route),
    _naziv("post", Kind.CHOICE, Post),
    _naziv("workplace", Kind.CHOICE, Workplace),
    _naziv("proposer", Kind.CHOICE, Proposer),
    _naziv("worker_agrees", Kind.BOOL),
    _naziv("head_filed", Kind.BOOL),
    _naziv("filed_on", Kind.DATE),
    _naziv("delivery", Kind.CHOICE, Delivery),
    _naziv("posted_on", Kind.DATE),
    _naziv("received_on", Kind.DATE),
    _naziv("current_naziv_acquired_on", Kind.DATE),
    _naziv("years_in_naziv", Kind.NUMBER, highest=MOST_YEARS),
    _naziv("delovna_doba_years", Kind.NUMBER, highest=MOST_YEARS),
    _naziv("successful_at_work", Kind.BOOL),
    _naziv("niu_points", Kind.NUMBER, highest=MOST_POINTS),
    _naziv("dsd_points", Kind.NUMBER, highest=MOST_POINTS),
    _naziv("dsd_points_from_works_2plus", Kind.NUMBER, highest=MOST_POINTS),
    _naziv("dsd_points_from_works_3plus", Kind.NUMBER, highest=MOST_POINTS),
    _naziv("opinion_secret_ballot", Kind.BOOL),
    _naziv("opinion_votes_for", Kind.WHOLE, highest=MOST_VOTERS),
    _naziv("opinion_voters_total", Kind.WHOLE, lowest=1, highest=MOST_VOTERS),
    _naziv("attachments", Kind.CHOICES, Attachment),
    _pay("salary_group_b", Kind.BOOL),
    _pay("new_habilitation_title", Kind.BOOL),
    _pay("period_started_on", Kind.DATE),
    _pay("position_change", Kind.CHOICE, PositionChange),
    _pay("annual_ratings", Kind.SEQUENCE, Rating),
    _pay("annual_percentages", Kind.NUMBERS, highest=FULL_PERCENT),
    _pay("absent_whole_period", Kind.BOOL),
    _pay("absence_reason", Kind.CHOICE, AbsenceReason),
    _pay("other_elements_above_average", Kind.WHOLE, highest=MOST_ELEMENTS),
    _pay("student_survey_negative", Kind.BOOL),
    _pay("above_average_in_all_elements", Kind.BOOL),
    _pay("head_proposes_two_grades", Kind.BOOL),
    _pay("funds_secured", Kind.BOOL),
    _pay("mandate_years", Kind.WHOLE, highest=MOST_YEARS),
    _pay("director_performance_pct", Kind.OPTIONAL_NUMBERS, highest=FULL_PERCENT),
    _pay("dismissed_for_fault", Kind.BOOL),
    _pay("head_proposal", Kind.BOOL),
    _pay("systemised_post", Kind.BOOL),
    _pay("rector_consent", Kind.BOOL),
)
FACTS: dict[Procedure, dict[str, FactSpec]] = {
    procedure: {spec.name: spec for spec in _ALL if spec.procedure is procedure} for procedure in Procedure
}
