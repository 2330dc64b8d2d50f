"""Facts said in words: route, workplace, post, who files, yes and no, attachments."""

from __future__ import annotations

from bot.dialogue.extract.model import Value
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.scene import Claim, Scene

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
_ATTACHED = ("attachments", "attachments_niu", "attachments_dsd")
_SHORT_PART = 3
_SUPPLIED = ("utemeljitev", "mnenje", "dsd_dokazila", "niu_dokazila")


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
    if scene.general(match.first) or _asked_in_part(scene, match):
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
    planned = fact in _DONE and match.value == "true" and scene.has(scene.clause(match.last), "future_mark")
    if planned and not scene.negated(match):
        return []
    if fact == "absent_whole_period":
        places = range(match.first, match.last + 1)
        scene.used.update(place for place in places if scene.items[place].kind == "years")
    value = match.value == "always" or (match.value in {"true", "alone"} and not scene.negated(match))
    return [Claim(fact, value, match.first, match.last)]


def _asked_in_part(scene: Scene, match: Match) -> bool:
    """`ali mora biti tajno` asks after the rule even where the person speaks of themselves."""
    part = scene.part(match.first)
    if len(scene.sentence(match.first)) == 1 + match.last - match.first and scene.is_question(match.first):
        return True  # "tajno?"
    return any(
        each.first in part and each.first < match.first and each.value == "rule" for each in scene.of("modal")
    )


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


def attachment_claims(scene: Scene) -> list[Claim]:
    """The attachments that are there; those that are missing, or only asked about, are not."""
    had: dict[str, Match] = {}
    standing: bool | None = None
    before = 0
    matches = sorted(
        [match for family in _ATTACHED for match in scene.of(family)], key=lambda match: match.first
    )
    for match in matches:
        if scene.general(match.first) or _asked_in_part(scene, match):
            continue
        at_once = _at_once(scene, match, matches)
        if at_once is not None:
            return at_once
        clause = scene.clause(match.first)
        own = True if _to_be_attached(scene, match) else _supplied(scene, clause)
        if own is None and scene.has(range(clause.stop - 1, clause.stop), "is_there"):
            own = True
        if scene.has(scene.clause(match.first), "rest") or scene.has(range(before, match.first), "rest"):
            standing = None
        begins = scene.part(match.first).start >= before
        before = match.last + 1
        standing = own if own is not None else standing
        if own is None and begins:
            standing = _in_its_part(scene, match, standing)
        if standing is None:
            standing = _further_on(scene, match)
        if standing is None and scene.asked == "attachments":
            standing = True
        if standing and match.value == "all":
            scene.doubts.append((("attachments",), match.first, match.last))
            return []
        if standing and match.value in _SUPPLIED:
            had.setdefault(match.value, match)
    if not had:
        return []
    names = tuple(name for name in _SUPPLIED if name in had)
    first = min(match.first for match in had.values())
    last = max(match.last for match in had.values())
    value: Value = names
    return [Claim("attachments", value, first, last)]


def _to_be_attached(scene: Scene, match: Match) -> bool:
    """`priložila bom utemeljitev in …`: a list after the verb goes with the proposal, unless it comes later."""
    before = range(scene.clause(match.first).start, match.first)
    later = scene.has(scene.sentence(match.first), "later_on") or scene.has(before, "not")
    return scene.has(before, "attaching") and not later


def _at_once(scene: Scene, match: Match, matches: list[Match]) -> list[Claim] | None:
    """What speaks of all attachments in one: none of them, or all but the named ones."""
    if match.value == "none":
        return [Claim("attachments", (), match.first, match.last)]
    if match.value == "all_but" or (match.value == "rest_but" and scene.asked == "attachments"):
        return _all_but(scene, match, matches)
    return None


def _all_but(scene: Scene, match: Match, matches: list[Match]) -> list[Claim]:
    """`vse priloge razen mnenja`: the four but those named after it; left open when none is."""
    sentence = scene.sentence(match.first)
    missing = {each.value for each in matches if match.last <= each.first < sentence.stop}
    if not missing & {*_SUPPLIED}:
        scene.doubts.append((("attachments",), match.first, match.last))
        return []
    names = tuple(name for name in _SUPPLIED if name not in missing)
    return [Claim("attachments", names, match.first, match.last)]


def _supplied(scene: Scene, places: range) -> bool | None:
    if scene.has(places, "not") or scene.has(places, "absent"):
        return False
    return True if scene.has(places, "supplied") else None


def _in_its_part(scene: Scene, match: Match, standing: bool | None) -> bool | None:
    """`manjka X, utemeljitev in mnenje pa sta pripravljena`: the later words of its own part, before what stood."""
    part = scene.part(match.first)
    found = _supplied(scene, range(match.last + 1, part.stop))
    return standing if found is None else found


def _further_on(scene: Scene, match: Match) -> bool | None:
    """`utemeljitev in mnenje imam`: the verb of a later clause of the sentence."""
    stop = scene.sentence(match.first).stop
    place = scene.clause(match.first).stop
    while place < stop:
        clause = scene.clause(place)
        found = _supplied(scene, clause)
        other = clause.start >= scene.part(match.first).stop and scene.any_of("attachments", clause)
        if found is False and other:
            return None  # "mnenje in dokazila, utemeljitve pa še ne"
        if found is not None:
            return found
        place = clause.stop
    return None
