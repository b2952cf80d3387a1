"""The health of a source: one change when it is lost, however many of its ports are missed."""

from console.state.entities import Key, Kind, Source, SourceName
from console.state.store import Store

from .small import Clock, Heard

KEY = Key(Kind.SOURCE, SourceName.AUTOSTORE)
CONTROLLER = SourceName.AUTOSTORE


def test_a_configured_source_shows_before_it_answers() -> None:
    store = Store(clock=Clock())
    heard = Heard(store)
    store.expect(CONTROLLER)
    store.expect(CONTROLLER)
    assert store.sources == {CONTROLLER: Source(name=CONTROLLER)}
    assert heard.take() == [KEY]


def test_expecting_a_source_again_does_not_undo_what_is_known() -> None:
    store = Store(clock=Clock())
    store.source_answers(CONTROLLER, 100.0)
    store.expect(CONTROLLER)
    assert store.sources[CONTROLLER].ok


def test_answers_are_told_once_but_each_is_dated() -> None:
    store = Store(clock=Clock())
    heard = Heard(store)
    store.source_answers(CONTROLLER, 100.0)
    store.source_answers(CONTROLLER, 101.0)
    assert heard.take() == [KEY]
    assert store.sources[CONTROLLER] == Source(name=CONTROLLER, ok=True, good_at=101.0)


def test_a_loss_is_told_once_and_keeps_its_beginning() -> None:
    store = Store(clock=Clock())
    store.source_answers(CONTROLLER, 100.0)
    heard = Heard(store)
    for at in (103.0, 104.0, 105.0):
        store.source_is_lost(CONTROLLER, "no answer", at)
    assert heard.take() == [KEY]
    lost = store.sources[CONTROLLER]
    assert (lost.ok, lost.good_at, lost.failing_since, lost.reason) == (False, 100.0, 103.0, "no answer")


def test_another_reason_is_told() -> None:
    store = Store(clock=Clock())
    store.source_is_lost(CONTROLLER, "no answer", 100.0)
    heard = Heard(store)
    store.source_is_lost(CONTROLLER, "cannot connect\x07", 101.0)
    assert heard.take() == [KEY]
    assert store.sources[CONTROLLER].reason == "cannot connect\\x07"
    assert store.sources[CONTROLLER].failing_since == 100.0


def test_a_source_that_comes_back_is_told_and_forgets_its_failure() -> None:
    store = Store(clock=Clock())
    store.source_is_lost(CONTROLLER, "no answer", 100.0)
    heard = Heard(store)
    store.source_answers(CONTROLLER, 110.0)
    assert heard.take() == [KEY]
    assert store.sources[CONTROLLER] == Source(name=CONTROLLER, ok=True, good_at=110.0)


def test_sources_do_not_touch_each_other() -> None:
    store = Store(clock=Clock())
    store.source_answers(SourceName.MOR, 100.0)
    store.source_is_lost(CONTROLLER, "no answer", 100.0)
    assert store.sources[SourceName.MOR].ok
