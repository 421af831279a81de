import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from sitegen.forking import meanwhile
from sitegen.mapping import Died, in_batches, in_bounded_batches, serial
from sitegen.parallel import open_mapper


def double(number: int) -> int:
    return number * 2


def double_or_die(number: int) -> int:
    if number == 7:
        os._exit(9)
    return number * 2


def test_processes_give_the_same_as_this_process_in_the_same_order() -> None:
    with open_mapper(3) as map_:
        assert list(map_(double, range(100))) == list(serial(double, range(100)))


def test_a_dead_worker_costs_only_the_item_that_killed_it() -> None:
    with open_mapper(2) as map_:
        results = list(map_(double_or_die, range(20)))
    assert results[7] == Died(7)
    assert [result for result in results if not isinstance(result, Died)] == [n * 2 for n in range(20) if n != 7]


def test_only_a_few_items_are_taken_in_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    with open_mapper(2) as map_:
        results = map_(double, items())
        next(results)
        assert taken < 20


def test_a_stream_is_cut_into_batches() -> None:
    assert list(in_batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(in_batches([], 2)) == []


def test_work_is_done_meanwhile_in_a_process_of_its_own() -> None:
    # In a new interpreter: one with threads, as that of other tests may be, is not forked.
    code = "import os\nfrom sitegen.forking import meanwhile\nwith meanwhile(eval, 'os.getpid()') as result:\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}    print(os.getpid() != result())"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_work_whose_process_ends_without_a_result_is_done_here() -> None:
    with meanwhile(partial(_only_here, os.getpid()), "a") as result:
        assert result() == "a"


def test_a_result_that_nobody_asks_for_is_not_waited_for() -> None:
    with meanwhile(time.sleep, 60):
        pass


_BESIDE = """
import os
from sitegen.beside import Beside
def work(number):
    os._exit(9) if number == 7 else None
    return number * 2, os.getpid()
"""


def test_one_process_works_beside_this_one_and_what_kills_it_is_told() -> None:
    # In a new interpreter: one with threads, as that of other tests may be, is not forked.
    code = f"""{_BESIDE}
found = list(Beside().map(work, [1, 7, 3, 4], lambda: print("idle")))
print([item if len(item) == 1 else item[0] for item in found], os.getpid() in [item[-1] for item in found])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "idle\n[2, Died(item=7), 6, 8] False\n"


def test_a_process_that_is_there_before_there_is_work_does_it() -> None:
    code = f"""{_BESIDE}
from sitegen.parallel import open_mapper
def begin():
    global began
    began = True
def see(_item):
    return began, os.getpid()
first = Beside(begin)
first.start()
with open_mapper(2, "", first) as map_:
    (began_here, process), = map_(see, [1])
print(began_here, process != os.getpid())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_what_the_work_of_another_process_raises_is_raised_here() -> None:
    code = f"{_BESIDE}\nlist(Beside().map(int, ['1', 'x']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ValueError: invalid literal" in done.stderr


def test_a_worker_that_dies_with_much_work_under_way_is_not_waited_for() -> None:
    code = f"""{_BESIDE}
from sitegen.parallel import open_mapper
def die(item):
    os.kill(os.getpid(), 9) if item[0] == "7" else None
    return item[0]
with open_mapper(2) as map_:
    found = list(map_(die, [str(number % 10) * 300_000 for number in range(12)]))
print([item if isinstance(item, str) else "died" for item in found])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"{['0', '1', '2', '3', '4', '5', '6', 'died', '8', '9', '0', '1']}\n"


def _only_here(process: int, word: str) -> str:
    if os.getpid() != process:
        os._exit(1)
    return word


@given(st.lists(st.integers(0, 20)))
def test_bounded_batches_hold_all_in_order_and_little_enough(weights: list[int]) -> None:
    batches = list(in_bounded_batches(weights, 4, lambda weight: weight, 15))
    assert [weight for batch in batches for weight in batch] == weights
    assert all(len(batch) == 1 or (len(batch) <= 4 and sum(batch) <= 15) for batch in batches)
