"""One message into facts: read, repair, find, claim, and settle what contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.dialogue.extract.activities import activity_claims
from bot.dialogue.extract.asides import told_of_kin, without_asides
from bot.dialogue.extract.corrections import Repair, repaired
from bot.dialogue.extract.items import Item
from bot.dialogue.extract.lexicon import Lexicon, lexicon
from bot.dialogue.extract.measures import leave_open, measure_claims
from bot.dialogue.extract.model import Ambiguity, Correction, Extracted, PartialDate, Span, Value
from bot.dialogue.extract.naziv import of_others, title_claims, titles
from bot.dialogue.extract.patterns import Match
from bot.dialogue.extract.pay import percent_claims, rating_claims
from bot.dialogue.extract.purpose import PAY_FACTS, procedure_of, wants_check
from bot.dialogue.extract.quantities import with_quantities
from bot.dialogue.extract.reading import read
from bot.dialogue.extract.replies import reply_claims
from bot.dialogue.extract.scene import QUANTITIES, Claim, Scene
from bot.dialogue.extract.statements import statement_claims
from bot.dialogue.extract.unknown import unknown_facts, without_doubted
from bot.dialogue.extract.votes import vote_claims

LONGEST = 4000
"""Characters read of one message; what follows is not looked at."""
_PAY_NAMES = {"current_naziv_acquired_on": "period_started_on"}
"""The last promotion begins the period at the university."""
_OF_THE_NAZIV = frozenset({"current_naziv_acquired_on", "years_in_naziv"})
"""Said of a naziv, and as open as it is."""
_SEVERAL = 2
MOST_ITEMS = 750
"""Words and numbers looked at; a message of that many characters has fewer, unless it is no message."""


def extract(text: str, on: date, asked: str | None = None, procedure: str | None = None) -> Extracted:
    """The facts that a message states, what it leaves unknown or ambiguous, and what it is about.

    `on` is today for relative days, `asked` the fact that the person was just asked for, `procedure` the check that
    runs. What can mean several things is named in `ambiguous` and never guessed.
    """
    words = lexicon()
    items = with_quantities(read(text, words, LONGEST)[:MOST_ITEMS], text, words, on)
    items = _blocked(items, words, text)
    found = _families(words.phrases.find(items))
    mended, repairs = repaired(items, found, words)
    if mended != items:
        items = mended
        found = _families(words.phrases.find(items))
    scene = without_asides(Scene(text, items, found, words, on, asked, procedure))
    claims = _claims(scene)
    claims = without_doubted(scene, claims)
    unknown = unknown_facts(scene, claims)
    settled = _settled(scene, [claim for claim in claims if claim.fact not in unknown], unknown, repairs)
    return replace(settled, names_works="activity" in found)


def _claims(scene: Scene) -> list[Claim]:
    found = titles(scene)
    scene.used.update(of_others(scene))
    claims = title_claims(scene, found)
    claims += vote_claims(scene) + activity_claims(scene) + rating_claims(scene) + percent_claims(scene)
    claims += statement_claims(scene)
    claims += measure_claims(scene, found)
    claims += reply_claims(scene, found, {claim.fact for claim in claims})
    leave_open(scene)
    return _of_the_procedure(scene, _about_someone(scene, claims))


def _about_someone(scene: Scene, claims: list[Claim]) -> list[Claim]:
    """Without a statement or a request about a person, words merely mentioned are no facts."""
    if scene.asked is None and (not _stated(scene, claims) or _aside(scene, claims)):
        return []
    if scene.asked is None and told_of_kin(scene):
        scene.doubts.clear()
        return []
    strong = any(not claim.weak for claim in claims)
    wanted = any(not _rule(scene, match) for name in ("request", "interest") for match in scene.of(name))
    if strong or scene.asked is not None:
        return claims
    if wanted:
        return [claim for claim in claims if not _only_asked(scene, claim)]
    whole = range(len(scene.items))
    claims = [claim for claim in claims if not scene.general(claim.first)]
    if scene.of("general") or scene.of("modal"):
        return []
    if any(len(facts) == 1 for facts, _, _ in scene.doubts):
        return claims
    if len({claim.fact for claim in claims}) < _SEVERAL and not scene.has(whole, "stating"):
        return []
    return [claim for claim in claims if claim.fact != "workplace"]


def _aside(scene: Scene, claims: list[Claim]) -> bool:
    """`kolegica je postala svetnica, koliko časa se čaka?`: another one is mentioned, what is asked is for anybody.

    The same where only a place of work is told with a request for a telephone number.
    """
    facts = {claim.fact for claim in claims}
    if scene.of("errand") and facts <= {"workplace", "post"}:
        return True
    whole = range(len(scene.items))
    other = scene.has(whole, "other_person") and not scene.has(whole, "first_person")
    if not other or "target_naziv" in facts or scene.of("request") or scene.of("interest"):
        return False
    asked = [scene.part(match.first) for match in scene.of("general")]
    return any(scene.has(part, "impersonal") and not scene.has(part, "of_that_one") for part in asked)


def _only_asked(scene: Scene, claim: Claim) -> bool:
    """A word in a question after the rule; a title there is still the wanted one, unless it asks what is needed."""
    return scene.general(claim.first) and (claim.fact != "target_naziv" or bool(scene.of("modal")))


def _rule(scene: Scene, match: Match) -> bool:
    """Whether the sentence of a match asks after the rule for anybody ("koliko let mora biti nekdo mentor, da …")."""
    sentence = scene.sentence(match.first)
    asks = scene.any_of("general", sentence) or scene.any_of("modal", sentence) or scene.general(match.first)
    return asks and not scene.has(sentence, "mine")


def _stated(scene: Scene, claims: list[Claim]) -> bool:
    """Whether there is a verb or a quantity: a bare keyword ("tajno glasovanje") states nothing."""
    if scene.has(range(len(scene.items)), "stating") or scene.of("request") or scene.of("interest"):
        return True
    if (
        any(isinstance(claim.value, tuple) for claim in claims)
        or len({claim.fact for claim in claims}) >= _SEVERAL
    ):
        return True
    return bool(scene.of("sum_request")) or any(item.kind in QUANTITIES for item in scene.items)


def _of_the_procedure(scene: Scene, claims: list[Claim]) -> list[Claim]:
    """Facts of pay grades only where pay grades are meant, and the other way round."""
    about = scene.procedure or procedure_of(scene, {claim.fact for claim in claims})
    if scene.asked in PAY_FACTS:
        about = "placni_razred_um"
    if about == "naziv":
        return [claim for claim in claims if claim.fact not in PAY_FACTS or claim.fact == scene.asked]
    if about == "placni_razred_um":
        kept = {*PAY_FACTS, "post", "workplace", scene.asked}
        return [
            replace(claim, fact=_PAY_NAMES.get(claim.fact, claim.fact))
            for claim in claims
            if claim.fact in {*kept, *_PAY_NAMES}
        ]
    return claims


def _settled(scene: Scene, claims: list[Claim], unknown: list[str], repairs: list[Repair]) -> Extracted:
    by_fact: dict[str, list[Claim]] = {}
    for claim in sorted(claims, key=lambda each: each.first):
        by_fact.setdefault(claim.fact, []).append(claim)
    facts: dict[str, Value] = {}
    spans: list[Span] = []
    corrections: list[Correction] = []
    ambiguous: list[Ambiguity] = []
    for fact, stated in by_fact.items():
        kept, corrected = _kept(scene, stated)
        if fact in _OF_THE_NAZIV and _kept(scene, by_fact.get("current_naziv", stated))[0] is None:
            kept = None
        if kept is None:
            ambiguous.append(Ambiguity((fact,), _words(scene, stated)))
            continue
        facts[fact] = kept.value
        spans.append(_span(scene, kept))
        if corrected:
            corrections.append(
                Correction(fact, scene.words(corrected.first, corrected.last), spans[-1].words)
            )
    for doubt, first, last in scene.doubts:
        names = tuple(name for name in doubt if name not in facts and name not in unknown)
        if names and (len(names) == len(doubt) or len(doubt) == 1):
            ambiguous.append(Ambiguity(names, scene.words(first, last)))
    corrections += [_correction(scene, repair, spans) for repair in repairs]
    return Extracted(
        facts=facts,
        unknown=tuple(unknown),
        ambiguous=tuple(dict.fromkeys(ambiguous)),
        spans=tuple(sorted(spans, key=lambda span: span.start)),
        corrections=tuple(corrections),
        procedure=procedure_of(
            scene, {*facts, *unknown, *(fact for doubt in ambiguous for fact in doubt.facts)}
        ),
        wants_check=wants_check(scene, facts),
    )


def _kept(scene: Scene, stated: list[Claim]) -> tuple[Claim | None, Claim | None]:
    """The one value of a fact; the later one after a correction; None when they contradict.

    Of employment and promotions the last begins the period.
    """
    values = [claim.value for claim in stated]
    if all(value == values[0] and type(value) is type(values[0]) for value in values):
        return stated[0], None
    if stated[0].fact == "period_started_on":
        return max(stated, key=lambda claim: _first_day(claim.value)), None
    last = stated[-1]
    markers = [*scene.of("correction"), *scene.of("bare_no")]
    before = [claim for claim in stated if claim.value != last.value]
    if any(before[-1].last < marker.first <= last.last for marker in markers):
        return last, before[-1]
    return None, None


def _first_day(value: Value) -> date:
    if isinstance(value, PartialDate):
        return value.earliest
    return value if isinstance(value, date) else date.min


def _span(scene: Scene, claim: Claim) -> Span:
    start = min(scene.items[i].start for i in range(claim.first, claim.last + 1))
    end = max(scene.items[i].end for i in range(claim.first, claim.last + 1))
    return Span(claim.fact, start, end, scene.text[start:end])


def _words(scene: Scene, claims: list[Claim]) -> str:
    first = min(scene.items[claim.first].start for claim in claims)
    return scene.text[first : max(scene.items[claim.last].end for claim in claims)]


def _correction(scene: Scene, repair: Repair, spans: list[Span]) -> Correction:
    (start, end), (first, last) = repair.before, repair.after
    fact = next((span.fact for span in spans if span.start <= first and last <= span.end), None)
    return Correction(fact, scene.text[start:end], scene.text[first:last])


def _families(found: Iterable[Match]) -> dict[str, list[Match]]:
    families: dict[str, list[Match]] = {}
    for match in found:
        if match.value != "_":
            families.setdefault(match.family, []).append(match)
    return families


def _blocked(items: list[Item], words: Lexicon, text: str) -> list[Item]:
    """Ages, classes, rooms, articles: their numbers are taken out of play, but not where a bracket parts them."""
    out = {
        place
        for match in words.blocks.find(items)
        for place in match.slots
        if text[items[place].end :].lstrip()[:1] != "("
    }
    return [
        replace(item, kind="blocked") if place in out and item.kind in QUANTITIES else item
        for place, item in enumerate(items)
    ]
