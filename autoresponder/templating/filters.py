"""The filters: dates, money and lists in the reply's language, and a few harmless ones for text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

from autoresponder.templating.state import State, state_of
from autoresponder.templating.values import Amount, MissingValue, NotPrintable, Word

_LONGEST = 20_000
"""No single text that a filter makes is longer."""
_DAY_SKELETON = "MMMMEEEEd"
"""Weekday, day and month in the order of the language (CLDR date skeleton)."""

_YEAR = re.compile(
    r"^y+(?:\s*'[^']*')?[.年년]?\s*|(?:\s*'[^']+'|[,،])?\s*(?:G\s*)?y+(?:\s*'[^']*')?\.?",
)
"""The year in a CLDR date pattern, with the words and signs that belong to it (`'de' y`, `y年`)."""

_long_date = lru_cache(maxsize=2048)(partial(format_date, format="long"))
"""Guests of one week share their dates, and looking a format up costs more than a whole sentence."""


@lru_cache(maxsize=512)
def locale_for(language: str, *countries: str | None) -> Locale:
    """The locale of a reply.

    English without a country that Babel knows for it is written the international way (14 March 2026, 15:00).

    Args:
        language: Two letters, or with a country: pt-BR.
        countries: Where guest and property are at home, best first; they choose among the ways to write
            dates in the same language (Jänner in Austria).
    """
    base, _, own = language.replace("_", "-").partition("-")
    for country in (own, *countries, "GB" if base == "en" else None):
        if not country:
            continue
        try:
            return Locale(base, country.upper())
        except UnknownLocaleError:
            continue
    try:
        return Locale(base)
    except UnknownLocaleError:
        return Locale("en", "GB")


def text_of(state: State, value: object) -> str:
    """A value as a guest reads it.

    Raises:
        MissingValue: The value is not there.
        NotPrintable: It is no text for a guest: true or false, a list, a word for conditions.
    """
    if isinstance(value, Word):
        raise NotPrintable("this word is for conditions and not for guests")
    if isinstance(value, str | Undefined):
        return str(value)  # a missing value raises here
    if isinstance(value, bool):
        raise NotPrintable("true or false is for conditions and not for guests: write {% if … %}")
    if isinstance(value, int | float | Decimal):
        return _plain_number(state, value)
    if isinstance(value, Amount):
        return format_currency(value.value, value.currency, locale=state.locale)
    if isinstance(value, date | time):
        return _plain_moment(state, value)
    raise NotPrintable("a list or a whole variable cannot be printed: use | list, or name one field")


def _plain_number(state: State, value: float | Decimal) -> str:
    return str(value) if isinstance(value, int) else format_decimal(Decimal(str(value)), locale=state.locale)


def _plain_moment(state: State, value: date | time) -> str:
    if isinstance(value, datetime):
        return _datetime(state, value)
    if isinstance(value, date):
        return format_date(value, "long", locale=state.locale)
    return format_time(value, "short", locale=state.locale)


def _moment(state: State, value: object) -> date | datetime | time:
    """Read a date, a time or both, also from text such as 2026-03-14 or 15:00."""
    if isinstance(value, datetime):
        return value.astimezone(state.zone)
    if isinstance(value, date | time):
        return value
    if isinstance(value, str):
        text = value.strip()
        for read in (time.fromisoformat, date.fromisoformat, datetime.fromisoformat):
            try:
                found = read(text if ":" not in text[:2] else f"0{text}")
            except ValueError:
                continue
            return _moment(state, found) if isinstance(found, datetime) and found.tzinfo else found
    raise NotPrintable("this is no date and no time: write dates as 2026-03-14 and times as 15:00")


def _day_of(state: State, value: object) -> date:
    moment = _moment(state, value)
    if isinstance(moment, time):
        raise NotPrintable("this is a time and has no date")
    return moment


def _datetime(state: State, value: object) -> str:
    moment = _moment(state, value)
    if not isinstance(moment, datetime):
        raise NotPrintable("this is not a date with a time: use | date or | time")
    pattern = str(state.locale.datetime_formats["long"])
    day = format_date(moment, "long", locale=state.locale)
    clock = format_time(moment, "short", locale=state.locale)
    # CLDR quotes literal words in the pattern: {1} 'at' {0}
    return pattern.replace("'", "").replace("{1}", day).replace("{0}", clock)


def _date_filter(state: State, value: object) -> str:
    day = _day_of(state, value)
    return _long_date(date(day.year, day.month, day.day), locale=state.locale)


def _day_filter(state: State, value: object) -> str:
    """Few languages have this skeleton; for the others it is the full date without its year."""
    day = _day_of(state, value)
    if _DAY_SKELETON in state.locale.datetime_skeletons:
        return format_skeleton(_DAY_SKELETON, day, locale=state.locale)
    full = state.locale.date_formats["full"].pattern
    return format_date(day, _YEAR.sub("", full), locale=state.locale)


def _time_filter(state: State, value: object) -> str:
    moment = _moment(state, value)
    if not isinstance(moment, datetime | time):
        raise NotPrintable("this is a date and has no time")
    return format_time(moment, "short", locale=state.locale)


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise NotPrintable("this is not a number")
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise NotPrintable("this is not a number") from None
    if not number.is_finite():
        raise NotPrintable("this is not a number")
    return number


def _money_filter(state: State, value: object, currency: object = None) -> str:
    if isinstance(value, Amount):
        number, code = value.value, value.currency
    else:
        number, code = _number(value), state.currency or ""
    wanted = str(currency) if currency is not None else code
    if isinstance(value, Amount) and wanted != value.currency:
        raise NotPrintable("an amount cannot be written in another currency: nothing is converted here")
    if not wanted:
        raise MissingValue('no currency is known for this amount: write | money("EUR")')
    if len(wanted) != len("EUR") or not wanted.isascii() or not wanted.isupper():
        raise NotPrintable("a currency has three capital letters, like EUR")
    return format_currency(number, wanted, locale=state.locale)


def _items(value: object) -> list[object]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple | range):
        return list(value)
    raise NotPrintable("this is not a list")


def _list_filter(state: State, value: object) -> str:
    return format_list([text_of(state, item) for item in _items(value)], locale=state.locale)


def _join_filter(state: State, value: object, between: str = "") -> str:
    return str(between).join(text_of(state, item) for item in _items(value))


def _replace_filter(state: State, value: object, old: object, new: object) -> str:
    text = text_of(state, value)
    if not isinstance(old, str) or not isinstance(new, str) or not old:
        raise NotPrintable('write replace("old", "new")')
    if len(text) + text.count(old) * len(new) > _LONGEST:
        raise NotPrintable("replacing makes the text far too long")
    return text.replace(old, new)


def _truncate_filter(state: State, value: object, length: int = 80) -> str:
    text = text_of(state, value)
    if len(text) <= length:
        return text
    return text[: max(0, length - 1)].rstrip() + "…"


def _end(value: object, index: int) -> object:
    if isinstance(value, str):
        raise NotPrintable("first and last are for lists")
    items = _items(value)
    if not items:
        raise MissingValue("the list is empty")
    return items[index]


def _length_filter(state: State, value: object) -> int:  # noqa: ARG001 - one shape for all filters
    return len(value) if isinstance(value, str) else len(_items(value))


def _round_filter(state: State, value: object, digits: int = 0) -> int | Decimal:  # noqa: ARG001
    number = round(_number(value), digits)
    return int(number) if not digits else number


def _int_filter(state: State, value: object) -> int:  # noqa: ARG001
    return int(_number(value))


def _abs_filter(state: State, value: object) -> Decimal | int:  # noqa: ARG001
    return abs(value) if isinstance(value, int) else abs(_number(value))


def _on_text(change: Callable[[str], str]) -> Callable[[State, object], str]:
    return lambda state, value: change(text_of(state, value))


_FILTERS: Mapping[str, Callable[..., object]] = {
    "date": _date_filter,
    "day": _day_filter,
    "time": _time_filter,
    "datetime": _datetime,
    "money": _money_filter,
    "list": _list_filter,
    "join": _join_filter,
    "replace": _replace_filter,
    "truncate": _truncate_filter,
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "capitalize": _on_text(lambda text: text[:1].upper() + text[1:]),
    "title": _on_text(str.title),
    "trim": _on_text(str.strip),
    "first": lambda _, value: _end(value, 0),
    "last": lambda _, value: _end(value, -1),
    "length": _length_filter,
    "count": _length_filter,
    "round": _round_filter,
    "int": _int_filter,
    "abs": _abs_filter,
}


def _guarded(change: Callable[..., object]) -> Callable[..., object]:
    """Refuse missing values in every place, and bound what comes out."""

    @pass_context
    def apply(context: Context, value: object, *args: object, **kwargs: object) -> object:
        for given in (value, *args, *kwargs.values()):
            if isinstance(given, Undefined):
                str(given)  # raises, naming what is missing
            if isinstance(given, Word):
                raise NotPrintable("this word is for conditions and not for guests")
        state = state_of(context)
        result = change(state, value, *args, **kwargs)
        if isinstance(result, str):
            if len(result) > _LONGEST:
                raise NotPrintable("a filter makes the text far too long")
            state.budget.write(len(result))
        return result

    return apply


@pass_context
def _default(context: Context, value: object, fallback: object = "", boolean: bool = False) -> object:
    """The one filter that takes a missing value."""
    state_of(context).budget.step()
    if isinstance(value, Undefined):
        return fallback
    return fallback if boolean and not value else value


def filters() -> dict[str, Callable[..., Any]]:
    """Every filter that a template may name, with its short names."""
    table: dict[str, Callable[..., Any]] = {name: _guarded(change) for name, change in _FILTERS.items()}
    table["default"] = table["d"] = _default
    return table
