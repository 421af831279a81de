import datetime as dt
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from sitegen.pages.cards import _rss_moment


@given(st.datetimes())
def test_a_moment_is_what_the_standard_library_writes_for_mail(date: dt.datetime) -> None:
    assert _rss_moment(date, "UTC") == format_datetime(date.replace(microsecond=0, tzinfo=dt.UTC), usegmt=True)
