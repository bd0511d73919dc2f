"""Names of channels that imitate ours, in all the known ways, and honest names of others."""

from __future__ import annotations

from bot.domain import Platform
from bot.domain.official import Account, imitated

T = Platform.TELEGRAM
OURS = (
    Account(T, "-1001", "zarichne_news", "Зарічне"),
    Account(T, "-1002", "zarichne_news_en"),
    Account(T, "77", "visnyk_bot", "Вісник"),
    Account(T, "", "sula_today"),
    Account(Platform.VIBER, title="Зарічне у Viber", link="https://invite.viber.com/?g2=a"),
)
IMITATIONS = (
    "zarichne_new5 zarichne_nevvs zarlchne_news zarichnenews zarichne__news zarichne_news_official zarichne_news1 "
    "zarichne_news_ua zarichne_newss zarihcne_news zarichna_news zarichne_n3ws real_zarichne_news "
    "zarichne_news_live visnyk_b0t vlsnyk_bot visnik_bot visnyk_bott visnykbot the_visnyk_bot"
)
PLACES = (
    "kyiv lviv odesa dnipro kharkiv poltava sumy rivne lutsk ternopil vinnytsia malyn bucha irpin fastiv izium "
    "uman nizhyn lubny stryi kalush kovel dubno zarichchia zaruddia zaporizhzhia cherkasy kherson mykolaiv "
    "uzhhorod"
)
KINDS = "news news_ua live 24 today bot now info novyny times post official vechirnii"
THINGS = "weather music vinyl video visa vision visit shop chess tasks notes menu taxi poshta vechir visti"
HONEST = sorted(
    {f"{place}{gap}{kind}" for place in PLACES.split() for gap in ("_", "") for kind in KINDS.split()}
    | {f"{each}_{kind}" for each in THINGS.split() for kind in ("bot", "news")}
)


def missed() -> list[str]:
    """Return the imitations that are not seen."""
    return [name for name in IMITATIONS.split() if imitated(OURS, Account(T, "-9", name)) is None]


def suspected() -> list[str]:
    """Return the honest names that are taken for imitations."""
    return [name for name in HONEST if imitated(OURS, Account(T, "-9", name)) is not None]
