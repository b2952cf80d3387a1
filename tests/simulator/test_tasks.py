"""The book of task groups."""

from console.simulator.tasks import Task, TaskBook, TaskGroup

from .small import at


def book_with(group: TaskGroup, *tasks: Task) -> TaskBook:
    book = TaskBook()
    book.add(group, tasks)
    return book


def test_a_group_leaves_the_book_with_its_last_task() -> None:
    first, second = Task(1, bin_id=7), Task(2, bin_id=7)
    book = book_with(TaskGroup(20, 1, at(8), 1), first, second)
    book.finish(first)
    assert book.for_bin(7) == [second]
    assert [group.taskgroup_id for group in book.unbound((1,))] == [20]
    book.finish(second)
    assert book.for_bin(7) == []
    assert (book.groups, book.tasks, list(book.unbound((1,)))) == ({}, {}, [])


def test_a_bound_group_is_not_offered_until_it_is_released() -> None:
    group = TaskGroup(20, 1, at(8), 1)
    book = book_with(group, Task(1, bin_id=7))
    book.bind(group, 4)
    assert list(book.unbound((1,))) == []
    book.release(group)
    assert list(book.unbound((1,))) == [group]


def test_only_groups_of_the_categories_asked_for_are_offered() -> None:
    book = book_with(TaskGroup(20, 1, at(8), 1), Task(1, bin_id=7))
    assert list(book.unbound((2, 3))) == []
    assert list(book.unbound(())) == []
