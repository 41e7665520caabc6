"""French and English by gettext, switched live. The msgid is the English sentence.

One `.po` file a subject stands in `resources/locale/<language>/`; it is compiled beside itself on first use.
`N_` marks a text that is translated where it is shown; `_` translates at once, with `str.format` places.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

LOCALE_FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "locale"
LANGUAGES: Final = {"fr": "fr_CA", "en": "en_CA"}
NAMES: Final = {"fr": "Français (Canada)", "en": "English (Canada)"}

_catalogues: dict[str, gettext.NullTranslations] = {}
_extra_folders: list[Path] = []
_listeners: list[Callable[[str], None]] = []
_language = "fr"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class Message(str):
    """A text marked for translation; as a value of another text it is translated, which plain text never is."""

    __slots__ = ()


def N_(message_id: str) -> str:
    """Mark a text for translation where it is shown."""
    return Message(message_id)


def language() -> str:
    """The language in force: `fr` or `en`."""
    return _spoken.get() or _language


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Say everything in one language meanwhile, in this thread alone: a letter follows the family, not the screen."""
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}")
    before = _spoken.set(code)
    try:
        yield
    finally:
        _spoken.reset(before)


def set_language(code: str) -> None:
    """Switch every text to `fr` or `en`; listeners (the windows) are told at once."""
    global _language
    if code not in LANGUAGES:
        raise ValueError(f"unknown language {code!r}")
    if code == _language:
        return
    _language = code
    for listener in tuple(_listeners):
        listener(code)


def use_catalogue(code: str, catalogue: gettext.NullTranslations | None) -> None:
    """Take the texts of a language from another catalogue; None gives its own back. Windows that are open are told."""
    _catalogues.pop(code, None)
    if catalogue is not None:
        _catalogues[code] = catalogue
    if code == _language:
        for listener in tuple(_listeners):
            listener(code)


def on_language_change(listener: Callable[[str], None]) -> Callable[[], None]:
    """Call `listener(code)` after each switch; returns the function that stops it."""
    _listeners.append(listener)

    def stop() -> None:
        if listener in _listeners:
            _listeners.remove(listener)

    return stop


def add_catalogue_folder(folder: Path) -> None:
    """Add a folder that holds `<language>/*.po`, for a slice that is installed from outside."""
    if folder not in _extra_folders:
        _extra_folders.append(folder)
        _catalogues.clear()


def translate(message_id: str, /, **values: Any) -> str:
    """The text of `message_id` in the language in force, its places filled.

    Values that are themselves marked with `N_` (a label, a permission) are translated too; a person's name that
    happens to be a message never is.
    """
    if not message_id:
        return ""
    catalogue = _catalogue(language())
    text = str(catalogue.gettext(message_id))
    if not values:
        return text
    return text.format(**{name: catalogue.gettext(v) if isinstance(v, Message) else v for name, v in values.items()})


_ = translate


def translate_in(code: str, message_id: str, /, **values: Any) -> str:
    """As `translate`, in a named language: letters follow the family, not the screen."""
    text = str(_catalogue(code).gettext(message_id))
    return text.format(**values) if values else text


def plural(singular: str, many: str, number: int, /, **values: Any) -> str:
    """The form of a counted text; `{n}` is the number."""
    return _catalogue(language()).ngettext(singular, many, number).format(n=number, **values)


def is_translated(code: str, message_id: str) -> bool:
    """Whether the catalogue of a language other than English holds this text."""
    return code == "en" or message_id in getattr(_catalogue(code), "_catalog", {}) or _in_fallback(code, message_id)


def _in_fallback(code: str, message_id: str) -> bool:
    link: Any = _catalogue(code)
    while link is not None:
        if message_id in getattr(link, "_catalog", {}):
            return True
        link = getattr(link, "_fallback", None)
    return False


def _catalogue(code: str) -> gettext.NullTranslations:
    if code not in _catalogues:
        _catalogues[code] = _load(code)
    return _catalogues[code]


def _load(code: str) -> gettext.NullTranslations:
    """All files as one: a chain of them would be walked through for each text, and a screen says hundreds."""
    whole: Any = None
    for folder in (LOCALE_FOLDER, *_extra_folders):
        for po in sorted((folder / LANGUAGES[code]).glob("*.po")):
            link: Any = gettext.GNUTranslations(io.BytesIO(_compiled(po)))
            if whole is not None:
                link._catalog = whole._catalog | link._catalog
            whole = link
    return whole or gettext.NullTranslations()


def _compiled(po: Path) -> bytes:
    """The `.mo` bytes of a `.po`; written beside it when the folder may be written to."""
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
        return mo.read_bytes()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.name)
    out = io.BytesIO()
    write_mo(out, catalogue)
    data = out.getvalue()
    temporary = mo.with_name(f"{mo.name}.{id(out):x}")
    try:
        temporary.write_bytes(data)
        temporary.replace(mo)
    except OSError:
        temporary.unlink(missing_ok=True)
    return data
