"""The plugins and services whose calls hold the id of a poll alone."""

from msgspec import Struct


class Plugin(Struct, frozen=True):
    """How the calls of one plugin are read."""

    name: str  # as its makers write it
    prefix: str  # of the key
    ids: tuple[str, ...] = ("id",)  # attributes that may hold the id, the likeliest first
    is_list: bool = False  # the call shows all polls that there are


PLUGINS: dict[str, Plugin] = {
    "page_polls": Plugin("WP-Polls", "wp-polls", is_list=True),
    "yop_poll": Plugin("YOP Poll", "yop-poll", ("id", "tid")),
    "yop-poll": Plugin("YOP Poll", "yop-poll", ("id", "tid")),
    "yop_poll_archive": Plugin("YOP Poll", "yop-poll", is_list=True),
    "totalpoll": Plugin("TotalPoll", "totalpoll"),
    "totalpoll-poll": Plugin("TotalPoll", "totalpoll"),
    "democracy": Plugin("Democracy Poll", "democracy"),
    "democracy_archives": Plugin("Democracy Poll", "democracy", is_list=True),
    "crowdsignal": Plugin("Crowdsignal", "crowdsignal", ("poll", "survey", "rating")),
    "polldaddy": Plugin("Polldaddy", "polldaddy", ("poll", "survey", "rating")),
    "socialpoll": Plugin("Opinion Stage", "opinion-stage"),
    "os-widget": Plugin("Opinion Stage", "opinion-stage", ("path",)),
    "os_widget": Plugin("Opinion Stage", "opinion-stage", ("path",)),
    "forminator_poll": Plugin("Forminator", "forminator"),
    "qsm": Plugin("Quiz And Survey Master", "qsm", ("quiz", "id")),
    "mlw_quizmaster": Plugin("Quiz And Survey Master", "qsm", ("quiz", "id")),
}
