from pathlib import Path

from sitegen.config import PermalinksTable
from sitegen.content.filing import read_files
from sitegen.content.folder import FileStat
from sitegen.content.reading_rules import ReadingRules


def test_files_of_all_kinds_are_filed_in_their_order(tmp_path: Path) -> None:
    names = ["a.md", "b.md", "c.pdf", "d.md", "e.txt", "f.txt", "g.md"]
    for name in names:
        (tmp_path / name).write_text(f"---\ntitle: {name}\n---\nText.\n")
    rules = ReadingRules(str(tmp_path), "content", PermalinksTable(), "UTC", 100_000)

    filed = read_files(rules, (), [FileStat(name, 2 << 20, 0) for name in names])

    assert [one.file[0] for one in filed] == names
    assert [bool(one.entry) for one in filed] == [True, True, False, True, False, False, True]
