"""The index: the same in every process, fresh or kept; classifiers, vectors and spelling on small cases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from knowledge import cache, classifier, mapped, signals, vectors
from knowledge.classifier import as_bytes, buckets, learn, ridge
from knowledge.features import Stretches, analyse, runs, sums
from knowledge.index import Index, build
from knowledge.loader import KnowledgeError, Known, load
from knowledge.ranking import load_calibration
from knowledge.search import Engine, load_engine
from knowledge.spelling import Spelling

BASE = Path(__file__).parent / "fixtures" / "base"
ROWS = [["naziv", "mentor"], ["naziv", "svetnik", "za", "svetnik"], [], ["placni", "razred"]]
ASKED = ["naziv svetnik", "rok za oddajo vloge", "trajanje obdobja", "koliko casa", "mentro", "deadline"]


def test_a_row_is_as_near_to_its_own_words_as_can_be() -> None:
    features, rows, (chars, stems), frequency = analyse(ROWS, ["odgovor"])
    every = Stretches(np.array([0, 1], np.int32), np.array([1, len(ROWS)], np.int32))
    for number, words in enumerate(ROWS):
        by_chars = rows.char_cosines(features, features.chars(words), every)
        by_stems = rows.stem_cosines(features, features.stem_columns(words), every)
        expected = 1.0 if words else 0.0
        assert by_chars[number] == pytest.approx(expected, abs=1e-5)
        assert by_stems[number] == pytest.approx(expected, abs=1e-5)
        for cosines, matrix in ((by_chars, chars), (by_stems, stems)):
            assert cosines == pytest.approx((matrix @ matrix[[number]].T).toarray().ravel(), abs=1e-5)
    assert dict(zip(features.words, frequency.tolist(), strict=True))["svetnik"] == 1


def test_what_the_base_has_never_seen_takes_its_share_of_the_length() -> None:
    features, _, _, _ = analyse(ROWS, [])
    for vector in (features.chars, features.stem_columns):
        known = np.square(vector(["naziv"])[1]).sum()
        assert known == pytest.approx(1.0)
        assert 0.0 < np.square(vector(["naziv", "neznanka"])[1]).sum() < 0.7
        assert not len(vector(["xqxqxq"])[0]) or vector is features.chars


def test_runs_and_their_sums() -> None:
    lists = runs([[3, 4], [], [5], []])
    values, lengths = lists.of(np.array([2, 1, 0, 3], np.int32))
    assert values.tolist() == [5, 3, 4]
    assert lengths.tolist() == [1, 0, 2, 0]
    assert sums(values, lengths).tolist() == [5.0, 0.0, 7.0, 0.0]
    assert sums(values, np.array([1, 2])).tolist() == [5.0, 7.0]
    where, lengths = lists.within(Stretches(np.array([1, 0], np.int32), np.array([3, 1], np.int32)))
    assert where.of(lists.values).tolist() == [5, 3, 4]
    assert lengths.tolist() == [0, 1, 2]


def test_words_share_what_their_ngrams_weigh() -> None:
    features, _, _, _ = analyse([["naziv", "nazivi"], ["ana", "v"], ["bananana"]], [])
    for text in (["nazivov", "v"], ["banan"], ["xyx"], []):
        columns, weights = features.chars(text)
        expected = [
            sum(
                weights[list(columns).index(gram)] * features.gram_idf[gram]
                for gram in held
                if gram in columns
            )
            for held in np.split(features.grams_of.values, features.grams_of.starts[1:-1])
        ]
        assert features.shares((columns, weights)) == pytest.approx(expected, abs=1e-5)


def test_buckets_are_even_and_independent() -> None:
    first, signs = buckets(np.arange(50_000), 0, 64)
    second, _ = buckets(np.arange(50_000), 1, 64)
    assert abs(np.bincount(first, minlength=64) / (50_000 / 64) - 1).max() < 0.15
    assert abs(signs.mean()) < 0.02
    assert abs((first == second).mean() * 64 - 1) < 0.15


def test_ridge_solves_the_system() -> None:
    dice = np.random.default_rng(3)
    table = dice.standard_normal((60, 7)).astype(np.float32)
    owner = np.sort(dice.integers(0, 4, 60)).astype(np.int32)
    owner[-1] = 3
    exact = np.linalg.solve(table.T @ table + 0.5 * np.eye(7), table.T @ np.eye(4)[owner])
    assert ridge(lambda part: table[part], owner, np.float32(0.5)) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("hashed", [False, True])
def test_each_row_speaks_for_its_entry(monkeypatch: pytest.MonkeyPatch, hashed: bool) -> None:
    dice = np.random.default_rng(4)
    rows = sparse.random(120, 900, 0.03, random_state=dice, format="csr", dtype=np.float32)
    owner = np.repeat(np.arange(30), 4).astype(np.int32)
    if hashed:
        monkeypatch.setattr(classifier, "LARGEST", 0)
    fitted = learn(rows, owner)
    assert fitted.hashed is hashed
    some = np.array([0, 7, 29], np.int32)
    for number, entry in enumerate(owner):
        row = rows[[number]]
        scores = fitted.scores(row.indices, row.data)
        assert scores.argmax() == entry
        assert fitted.scores(row.indices, row.data, some) == pytest.approx(scores[some], abs=1e-6)


def test_bytes_round_to_a_255th_of_the_largest() -> None:
    table = np.random.default_rng(5).standard_normal((3000, 9)).astype(np.float32)
    table[7] = 0.0
    kept = as_bytes(table)
    vector = np.eye(9, dtype=np.float32)[4]
    every = np.arange(3000, dtype=np.int32)
    assert abs(kept.times(vector, every) - table[:, 4]).max() <= abs(table).max() / 250
    assert kept.times(vector, every)[7] == 0.0
    some = Stretches(np.array([7, 2]), np.array([9, 3]))
    assert kept.times_within(vector, some) == pytest.approx(kept.times(vector, np.array([7, 8, 2])))


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("napredovnaje", "napredovanje"),
        ("napredvanje", "napredovanje"),
        ("anpredovanje", "napredovanje"),
        ("apredovanje", "napredovanje"),
        ("xnapredovanje", "napredovanje"),
        ("mapredovanje", "napredovanje"),
        ("mentr", "mentor"),
        ("mnetor", "mentor"),
        ("emntor", "mentor"),
        ("mtr", "mtr"),
        ("tcoka", "tocka"),
        ("tcok", "tock"),
        ("tolk", "tolk"),
        ("vlgam", "vlagam"),
        ("mnetro", "mentor"),
        ("mapredovnaje", "mapredovnaje"),
        ("mentorski", "mentorski"),
    ],
)
def test_slips_are_mended_within_their_limits(typed: str, mended: str) -> None:
    spelling = Spelling(
        {"napredovanje": 5, "mentor": 3, "predlog": 2, "tocka": 4, "tock": 2, "vlga": 1, "vlagam": 2},
        {"mnetro": "mentor"},
    )
    assert spelling.mend([typed]) == [mended]


def test_every_listed_slip_stands_for_a_word_of_the_base() -> None:
    engine = load_engine()
    assert len(engine.base.slips) > 400
    assert not [meant for meant in engine.base.slips.values() if meant not in engine.index.features.words]
    assert not [slip for slip in engine.base.slips if slip in engine.index.features.words]
    assert engine.index.spelling.mend(["naizv", "napredovnaje"]) == ["naziv", "napredovanje"]


def answers(index: Index) -> str:
    base = load(BASE)
    engine = Engine(base, index, load_calibration())
    return hashlib.sha256(repr([engine.search(text) for text in ASKED]).encode()).hexdigest()


def test_a_kept_index_answers_as_a_fresh_one_does(tmp_path: Path) -> None:
    base, table = load(BASE), vectors.load(cache.Path(vectors.__file__).parent / "data")
    index = build(base.entries.values(), base.background, table)
    known = Known(base.entries, base.background, {"mnetor": "mentor"})
    cache.write(tmp_path, "kept", cache.Kept(known, index))
    kept = cache.read(tmp_path, "kept")
    assert kept is not None
    assert kept.known.entries == base.entries
    assert list(kept.known.entries) == list(base.entries)
    assert kept.known.background == base.background
    assert answers(kept.index) == answers(index)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:5],
        lambda raw: b"",
        lambda raw: raw[:-1000] + bytes(1000),
        lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:],
    ],
    ids=["half", "beginning", "empty", "end lost", "one bit"],
)
def test_a_damaged_file_is_built_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    cache.load_indexed(BASE, tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.unlink()  # it is mapped; a file written into would change under the index
    file.write_bytes(damage(whole))
    assert cache.read(tmp_path, file.stem) is None
    base, _ = cache.load_indexed(BASE, tmp_path)
    kept = cache.read(tmp_path, file.stem)
    assert kept is not None
    assert kept.known.entries == base.entries


@pytest.mark.parametrize("lost", [64, 4096])
def test_a_file_that_lost_zeros_alone_is_noticed(tmp_path: Path, lost: int) -> None:
    file = tmp_path / "kept.arrays"
    mapped.write(file, {"numbers": np.zeros(4096, np.uint8)})
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[:-lost])
    with pytest.raises(ValueError, match="cut off"):
        mapped.read(file)


def test_what_is_no_number_is_not_mapped(tmp_path: Path) -> None:
    file = tmp_path / "kept.arrays"
    with pytest.raises(ValueError, match="numbers alone"):
        mapped.write(file, {"things": np.array([object()])})
    mapped.write(file, {"numbers": np.zeros(1, np.int64)})
    forged = file.read_bytes().replace(b'"<i8"', b'"|O" ')
    checksum = int(np.frombuffer(forged, np.uint64)[1:].sum(dtype=np.uint64))
    file.unlink()
    file.write_bytes(checksum.to_bytes(8, sys.byteorder) + forged[8:])
    with pytest.raises(ValueError, match="numbers alone"):
        mapped.read(file)


def test_a_topic_that_is_gone_is_noticed_though_an_index_is_kept(tmp_path: Path) -> None:
    folder, kept = tmp_path / "data", tmp_path / "kept"
    shutil.copytree(BASE, folder)
    cache.load_indexed(folder, kept)
    topics = folder / "topics.yaml"
    topics.write_text("other: {label: {sl: Drugo, en: Other}, institution: mvi}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"topics\.yaml"):
        cache.load_indexed(folder, kept)


@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_every_process_builds_the_same_index(seed: str) -> None:
    code = (
        "from tests.knowledge.test_index import BASE, answers, build, load, json; base = load(BASE);"
        "print(json.dumps(answers(build(base.entries.values(), base.background))))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": seed.replace("0", "1")},
        cwd=Path(__file__).parents[2],
        check=True,
        stdout=subprocess.PIPE,
    )
    base = load(BASE)
    assert json.loads(run.stdout) == answers(build(base.entries.values(), base.background))


def test_a_first_look_loses_no_entry_that_a_whole_one_finds(
    monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    texts = [entry.phrasings.sl[0] for entry in list(engine.base.entries.values())[::5]]
    whole = [[hit.entry for hit in engine.search(text).hits[:1]] for text in texts]
    monkeypatch.setattr(signals, "FIRST_LOOK", 100)
    monkeypatch.setattr(signals, "SECOND_LOOK", 40)
    shorter = [[hit.entry for hit in engine.search(text).hits[:1]] for text in texts]
    same = sum(one == other for one, other in zip(whole, shorter, strict=True))
    assert same >= 0.95 * len(texts)
