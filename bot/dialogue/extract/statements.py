"""Facts said in words: route, workplace, post, who files, yes and no, attachments."""

from __future__ import annotations

from bot.dialogue.extract.attachments import asked_in_part, attachment_claims
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene
from bot.dialogue.extract.standing import past_year

TRUTHS = (
    "head_filed worker_agrees successful_at_work opinion_secret_ballot salary_group_b dismissed_for_fault "
    "absent_whole_period head_proposes_two_grades funds_secured student_survey_negative new_habilitation_title "
    "head_proposal systemised_post rector_consent above_average_in_all_elements"
).split()
CHOICES = ("route", "workplace", "post", "proposer", "delivery", "absence_reason", "position_change")
_WEAK = frozenset({"route", "workplace", "post", "proposer", "delivery"})
_DONE = frozenset({"head_filed", "new_habilitation_title"})
"""Done or not: what is to come is not done."""
_FAMILIES = {"proposer": ("proposer", "own_filing", "council")}
_SHORT_PART = 3
_OPENING = 4
"""`domnevam, da …`: so few words before a comma open what is said after it."""


def statement_claims(scene: Scene) -> list[Claim]:
    """All claims made in words alone."""
    claims = [claim for fact in TRUTHS for match in scene.of(fact) for claim in _truth(scene, fact, match)]
    for fact in CHOICES:
        claims += _choice(scene, fact)
    if any(claim.fact == "head_proposes_two_grades" for claim in claims):
        claims = [claim for claim in claims if claim.fact != "head_proposal"]
    if any(claim.fact == "absent_whole_period" and claim.value is False for claim in claims):
        claims = [claim for claim in claims if claim.fact != "absence_reason"]
    return claims + _by_the_head(scene, claims) + attachment_claims(scene)


def _truth(scene: Scene, fact: str, match: Match) -> list[Claim]:
    if scene.general(match.first) or asked_in_part(scene, match):
        return []
    if match.value == "false" and scene.negated(match):
        return []
    if match.value == "alone" and not _said_alone(scene, match):
        return []
    if match.value == "openly":
        voted = scene.of("vote_word") or scene.asked == fact
        return [Claim(fact, scene.negated(match), match.first, match.last)] if voted else []
    if scene.has(scene.clause(match.first), "supposed"):
        return []
    if guessed(scene, fact, match.first):
        scene.doubts.append(((fact,), match.first, match.last))
        return []
    planned = fact in _DONE and match.value == "true" and scene.has(scene.clause(match.last), "future_mark")
    if planned and not scene.negated(match):
        return []
    if fact == "absent_whole_period":
        places = range(match.first, match.last + 1)
        scene.used.update(place for place in places if scene.items[place].kind == "years")
    value = match.value == "always" or (match.value in {"true", "alone"} and not scene.negated(match))
    return [Claim(fact, value, match.first, match.last)]


def guessed(scene: Scene, fact: str, place: int) -> bool:
    """`menda je bilo tajno`; of the ballot also what is usual, prescribed, or was so for another."""
    part = scene.part(place)
    before = scene.part(part.start - 1) if part.start > scene.sentence(place).start else part
    said = range(before.start if len(before) <= _OPENING else part.start, part.stop)
    if scene.has(said, "guess"):
        return True
    loose = any(scene.items[i].note == "loose" and past_year(scene, i) for i in part)
    return fact == "opinion_secret_ballot" and (loose or scene.any_of("not_this_ballot", said))


def _said_alone(scene: Scene, match: Match) -> bool:
    """`svetnica 6 let, uspešna, 12 točk`: a word by itself between commas, told with a title."""
    alone = len(scene.part(match.first)) == 1 and len(scene.sentence(match.first)) > 1
    return alone and bool(scene.of("title")) and not scene.is_question(match.first)


def _choice(scene: Scene, fact: str) -> list[Claim]:
    claims: list[Claim] = []
    found = [match for family in _FAMILIES.get(fact, (fact,)) for match in scene.of(family)]
    for match in found:
        if fact in {"absence_reason", "position_change"} and scene.general(match.first):
            continue
        if fact == "position_change" and scene.has(scene.clause(match.first), "future_mark"):
            continue  # "mesto bi rada zamenjala"
        if match.family == "own_filing" and (_joined_on(scene, match) or _asks_leave(scene, match)):
            continue
        if scene.negated(match) and match.value != "none" and _says_no(scene, fact, match):
            continue
        if fact != "position_change" and _other_person(scene, fact, match):
            continue
        weak = fact in _WEAK and not (fact in {"workplace", "post"} and _works(scene, match))
        claims.append(Claim(fact, match.value, match.first, match.last, weak))
    if fact == "proposer" and any(claim.value == "svet_zavoda" for claim in claims):
        return [claim for claim in claims if claim.value == "svet_zavoda"]
    if fact == "post":
        return _of_the_worker(scene, claims) or _opening_head(scene)
    return _registered(claims) if fact == "delivery" else claims


def _opening_head(scene: Scene) -> list[Claim]:
    """`ravnateljica OŠ, svetnica od 2005, …`: who opens with the post alone, and tells a title, holds it."""
    part = scene.part(0) if scene.items else range(0)
    alone = 0 < len(part) <= _SHORT_PART and part.stop < len(scene.items)
    if (
        not alone
        or not scene.has(range(1), "head_opening")
        or not scene.has(range(part.stop, len(scene.items)), "title")
    ):
        return []
    placed = all(scene.has(range(place, place + 1), "of_institution") for place in part[1:])
    follows = scene.has(range(part.stop, part.stop + 1), "relative")
    return [] if follows or not placed else [Claim("post", "ravnatelj", 0, part.stop - 1, weak=True)]


def _asks_leave(scene: Scene, match: Match) -> bool:
    """`ali lahko vložim sama?` asks whether one may, and says nothing of who will."""
    part = scene.part(match.first)
    asks = scene.has(range(part.start, part.start + 1), "question_start") or scene.is_question(match.first)
    return asks and scene.has(part, "permitted")


def _joined_on(scene: Scene, match: Match) -> bool:
    """`ravnateljica me bo predlagala in jaz …`: a conjunction parts the one who files from the next statement."""
    last = match.last
    return scene.has(range(last, last + 1), "myself") and scene.has(range(match.first, last), "joiner")


def _works(scene: Scene, match: Match) -> bool:
    return scene.has(scene.part(match.first), "work_verb")


def _registered(claims: list[Claim]) -> list[Claim]:
    """`oddali na pošto priporočeno`: registered mail goes by post too."""
    registered = [claim for claim in claims if claim.value == "priporoceno"]
    return registered or claims


def _by_the_head(scene: Scene, claims: list[Claim]) -> list[Claim]:
    """`ravnatelj sem in bi učiteljico predlagal`: who writes as the head proposes."""
    heads = [match for match in scene.of("post") if match.value == "ravnatelj"]
    if not heads or any(claim.fact == "proposer" or claim.value == "ravnatelj" for claim in claims):
        return []
    return [Claim("proposer", "ravnatelj", m.first, m.last, weak=True) for m in scene.of("proposing")][:1]


def _of_the_worker(scene: Scene, claims: list[Claim]) -> list[Claim]:
    """A head who writes of a teacher: the teacher's post is meant, and the head's is not where it is not told."""
    others = [claim for claim in claims if claim.value != "ravnatelj"]
    for_another = any(
        scene.has(scene.part(match.first), "another_object")
        and not scene.has(scene.part(match.first), "own_object")
        for match in scene.of("proposing")
    )
    return others if others or for_another else claims


def _says_no(scene: Scene, fact: str, match: Match) -> bool:
    """A choice is denied by a negation before it or in it, not by one after it ("v vrtcu nimam …")."""
    clause = scene.clause(match.first)
    places = range(max(clause.start, match.first - 3), match.last + 1)
    if fact in {"workplace", "post", "delivery"}:
        places = range(max(clause.start, match.first - 3), match.first)
    return scene.has(places, "not")


def _other_person(scene: Scene, fact: str, match: Match) -> bool:
    """A past workplace or post ("prej sem delala v vrtcu") is not the present one."""
    if fact not in {"workplace", "post"}:
        return False
    part = scene.part(match.first)
    ended = any(scene.items[place].note == "until" for place in part if scene.items[place].kind == "date")
    return scene.has(part, "formerly") or (ended and scene.has(part, "had_been"))
