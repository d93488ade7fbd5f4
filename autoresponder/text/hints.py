"""Which language do the small words speak? A hint that settles ties between phrases, nothing more.

Function words ("the", "und", "onze") are frequent and differ between languages. Two of one language, and
twice as many as of any other, are a hint; less is none. Words are folded, as `tokens` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LEAST: Final = 2

_WORDS: Final = {
    "en": "the is are we our you your with for have has to of this that it at my can could would do does"
    " there and from will be not please how what when where",
    "de": "der die das ist sind wir uns unser unsere sie ihr ihre ihnen mit fur haben hat zu von dieses es im am"
    " und vom wird nicht bitte wie wann wo ein eine einen er auch noch gerne ab bis konnen",
    "fr": "le la les est sont nous notre nos vous votre vos avec pour avons avez de du des ce cette il elle"
    " et un une dans sur pas quel quelle ou je mon ma mes pourriez auriez au aux bonjour peut y a t",
    "es": "el los las es son nosotros nuestro nuestra usted su sus con para tenemos tiene del este esta"
    " y un una en no que donde cuando por favor mi mis podemos hay la al a se cual como puede pueden muy hola",
    "it": "il lo gli e sono noi nostro nostra voi vostro suo con per abbiamo avete di del della questo"
    " un una nel non che dove quando vorremmo possiamo mio mia anche c'e a la le al si come puo qual ciao",
    "pt": "o os as e sao nos nosso nossa voce seu sua com para temos tem do da este esta um uma no na"
    " nao que onde quando por meu minha podemos ha ao a se qual como pode algum alguma muito ola ai",
    "nl": "het een is zijn wij we ons onze jullie uw met voor hebben heeft van dit dat er en in niet"
    " hoe wat wanneer waar kunnen mogen graag ook nog naar bij",
}
_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {}
for _language, _text in _WORDS.items():
    for _word in _text.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)
_SHARES: Final = {
    word: tuple((language, 1.0 / len(languages)) for language in languages)
    for word, languages in _LANGUAGES.items()
}
"""Small word → the languages it speaks for, and how much for each."""


def hinted_language(words: Iterable[str], among: Iterable[str] = ()) -> str | None:
    """The language that the small words speak, or None when unsure.

    Args:
        words: Folded words of a text; the first few hundred are enough.
        among: When it is known to be one of these: then one word is enough, and the others do not count.
    """
    small = [shares for shares in map(_SHARES.get, words) if shares is not None]
    possible = frozenset(among)
    least = 1 if possible else _LEAST
    if len(small) < least:
        return None
    votes: dict[str, float] = {}
    if not possible:
        for shares in small:
            for language, share in shares:
                votes[language] = votes[language] + share if language in votes else share
        return _clear(votes, least)
    for shares in small:
        languages = [language for language, _ in shares if language in possible]
        for language in languages:
            votes[language] = votes.get(language, 0.0) + 1.0 / len(languages)
    return _clear(votes, least)


def _clear(votes: dict[str, float], least: float) -> str | None:
    """The language with so many votes and twice as many as any other."""
    best = max(votes.values(), default=0.0)
    if best < least:
        return None
    if len(votes) == 1:
        return next(iter(votes))
    leading = [language for language, count in votes.items() if 2 * count > best]
    return leading[0] if len(leading) == 1 else None
