"""Rubrics and breadcrumbs: where on a site an article stands."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, keys

_RUBRICS = keys(
    "прес-реліз|пресреліз|прес реліз|для негайного поширення|для поширення|медіаанонс|прес-анонс|"
    "новини|суспільство|політика|економіка|культура|спорт|світ|україна|київ|львів|одеса|харків|дніпро|війна|кримінал|"
    "надзвичайні події|події|технології|наука|освіта|здоров'я|медицина|авто|бізнес|фінанси|життя"
    "|місто|регіони|область|громада|громади|транспорт|погода|екологія|довкілля|історія|думки|блоги|блог|колонки|"
    "інтерв'ю|репортаж|репортажі|аналітика|розслідування|фоторепортаж|відео|фото|шоу-бізнес|шоубіз|стиль|подорожі"
    "|їжа|рецепти|нерухомість|енергетика|агро|армія|фронт|міжнародні новини|новини україни|новини світу|новини міста|"
    "новини києва|новини компаній|головне|головна|головні новини|стрічка новин|стрічка|усі новини|всі новини|важливо"
    "|ексклюзив|спецпроєкти|спецпроекти|лонгрід|лонгріди|тексти|статті|стаття|публікації|анонси|афіша|тема дня|"
    "новина дня|актуально|люди|кіно|музика|книги|театр|мистецтво|ігри|гаджети|it|наука і техніка|наука та технології|"
    "футбол"
    "|бокс|теніс|баскетбол|хокей|ато|оос|право|суд|закон|корупція|вибори|влада|місцеве самоврядування|"
    "комунальні послуги|жкг|комуналка|комуналка та інфраструктура|інфраструктура|благоустрій|соціум|соціальна сфера|"
    "волонтери|діти|сім'я|психологія|гроші|тарифи|релігія|церква",
    "новости|общество|политика|экономика|культура|мир|украина|киев|война|криминал|происшествия|чп|события|технологии|"
    "образование|здоровье|бизнес|финансы|жизнь|город|регионы|экология|история|мнения|блоги|интервью|аналитика"
    "|расследования|шоу-бизнес|стиль|путешествия|главное|главная|лента новостей|все новости|важно|статьи|статья|"
    "публикации|новости украины|новости мира|новости города|недвижимость|энергетика|армия|люди|"
    "происшествия и криминал|медицина|транспорт",
    "press release|for immediate release|media release|news release|media advisory|statement|"
    "news|politics|economy|business|culture|sport|sports|world|ukraine|europe|uk|us|usa|war|crime|technology|tech|"
    "science|health|education|environment|climate|lifestyle|life|opinion|opinions|comment|analysis|feature|features|"
    "explainer"
    "|interview|interviews|entertainment|arts|art|travel|food|local|local news|city|city news|community|transport|"
    "weather|history|society|media|finance|money|markets|property|energy|military|magazine|investigations|long read|"
    "longread|longreads"
    "|live|live updates|breaking|breaking news|top stories|top story|latest|exclusive|editorial|blog|blogs|videos|"
    "video|photos|podcasts|news feed|newsfeed|national|international|regional|home|homepage|editor's choice|football|"
    "tennis|basketball"
    "|boxing|cricket|rugby|golf|books|film|music|theatre|theater|style|fashion|cars|motoring|games|gaming|council|"
    "courts|traffic|public transport|housing|schools|jobs|events|what's on|columnists|letters|obituaries|just in|"
    "financial markets|aerospace & defense|middle east|asia pacific|americas|cybersecurity|war in ukraine|"
    "developing|in depth|in pictures|latest news|top news|world news|uk news|us news|news in brief",
)
_HOME = keys(
    "головна|головна сторінка|новини|home|homepage|news|главная|новости|вісник|сайт|start|main|усі новини|всі новини|"
    "main page|стрічка новин|статті|публікації|front page"
)
_STEP = re.compile(r"\s*[›»>→❯▸▶⟩]\s*|\s+[/|\\•·:—–-]\s+|\s*/\s*")
_SURE_STEP = re.compile(r"\s*[›>→❯▸▶⟩]\s*|\s+»\s+|(?<=\w)»\s*(?=\w)")


def is_rubric(text: str) -> bool:
    """True for the name of a section, alone: `Суспільство`, `City`; several apart by signs count too."""
    if len(text) > 60:
        return False
    if key_of(text) in _RUBRICS:
        return True
    parts = [key_of(part) for part in re.split(r"\s*[,|/•·]\s*", text)]
    return len(parts) > 1 and all(part in _RUBRICS for part in parts if part) and any(parts)


def is_breadcrumb(text: str) -> bool:
    """True for the way to an article: `Головна › Новини › Місто`, `Home / City / Culture`."""
    if len(text) > 160:
        return False
    sure = [part for part in _SURE_STEP.split(text) if part.strip()]
    parts = [key_of(part) for part in _STEP.split(text) if key_of(part)]
    if len(parts) < 2:
        return (
            text.strip().startswith(("›", "»", ">", "←", "‹"))
            and len(text) < 40
            and bool(parts)
            and parts[0] in _RUBRICS | _HOME
        )
    known = sum(part in _RUBRICS or part in _HOME for part in parts)
    short = sum(len(part.split()) <= 4 for part in parts)
    if parts[0] in _HOME and short >= len(parts) - 1:
        return len(parts) > 2 or known > 1 or len(sure) > 1
    return (
        (len(sure) > 2 and short >= len(sure) - 1 and known > 0)
        or (known == len(parts))
        or (known > 1 and short == len(parts))
    )
