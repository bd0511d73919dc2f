"""Lines at the end of a page: copyright, contacts, rules of use."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, keys, spelled

_LINKS = keys(
    "контакти|про нас|про проєкт|про проект|про видання|про редакцію|редакція|команда|редакційна політика|"
    "політика конфіденційності|політика приватності|правила користування|умови використання|правила|реклама на сайті|"
    "рекламодавцям"
    "|реклама|вакансії|архів|архів новин|мапа сайту|карта сайту|зворотний зв'язок|зворотній зв'язок|допомога|"
    "наші партнери|партнери|угода користувача|користувацька угода|публічна оферта|правова інформація|"
    "захист персональних даних"
    "|наші контакти|зв'язатися з нами|написати нам|статут|структура власності|принципи редакції|мобільна версія|"
    "повна версія сайту|rss|відмова від відповідальності|політика cookie|файли cookie|медіакит|головний редактор|"
    "стандарти",
    "контакты|о нас|о проекте|редакция|политика конфиденциальности|правила пользования|пользовательское соглашение|"
    "рекламодателям|вакансии|архив|карта сайта|обратная связь|условия использования|правила использования|"
    "мобильная версия",
    "newsletter|newsletters|contact us|contact|contacts|about us|about|privacy policy|privacy|terms of use|"
    "terms of service|"
    "terms and conditions|terms|cookie policy|cookies|advertise|advertise with us|careers|jobs|sitemap|site map|help|"
    "help center|faq|archive|archives"
    "|editorial policy|editorial standards|corrections|our team|newsroom|press|imprint|impressum|accessibility|"
    "accessibility statement|do not sell my personal information|media kit|copyright|legal|ethics policy|"
    "code of ethics|ownership|work with us|feedback|our standards|"
    "purchase licensing rights|licensing rights|sign up here",
)
_RIGHTS = re.compile(
    r"""(?ix)[^\w©]* (?:
      (?:©|\(c\)|copyright) .{0,160}
    | .{0,100} (?:all\ rights\ reserved|(?:всі|усі)\ права\ (?:захищено|захищені|застережено)|все\ права\ (?:защищены
        |защищены)|права\ захищено) .{0,120}
    | .{0,40} (?:передрук|передрукування|перепечатка|копіювання|копирование|републікація
        |відтворення) .{0,80} (?:матеріал|материал|текст|сайт|заборон|дозвол|запрещ|разреш|посилан|ссылк).{0,160}
    | (?:використання|использование|цитування|при\ (?:використанні|цитуванні|использовании|копіюванні|цитировании
        |передруку)|у\ разі\ (?:використання|передруку|цитування|копіювання)) .{0,60} (?:матеріал|материал|сайт|новин
        |інформаці).{0,200}
    | (?:матеріали|материалы|статті|публікації|новини)\ (?:з\ позначк|під\ рубрик|з\ плашк|із\ познач|с\ пометк
        |в\ рубри|позначені|з\ мітк|відмічені).{0,200}
    | (?:редакція|редакция|думка\ редакції|погляди\ редакції|мнение\ редакции|точка\ зору\ редакції
        |редакція\ сайту) .{0,60} (?:не\ (?:несе|несет|завжди|всегда|обов|поділя)|може\ не|может\ не
        |може\ не\ збіг).{0,160}
    | (?:the\ )?(?:views|opinions)\ (?:expressed|in\ this).{0,200} | (?:reproduction|republication|unauthori[sz]ed
        |no\ part\ of).{0,200}
    | (?:ідентифікатор|идентификатор)\ (?:онлайн-|в\ реєстрі)?\ ?(?:медіа|у\ реєстрі|в\ реєстрі|media).{0,80}
        | .{0,20}\bR40-\d{4,5}.{0,60}
    | (?:тел\.?|телефон|tel\.?|phone|call\ us|пошта|e-?mail|адреса\ редакції|адрес\ редакции|address)\s*[:.]\s*.{3,100}
    | (?:засновник|видавець|founder|publisher|учредитель|власник)\s*[:–—-]\s*.{2,80}
    | (?:сайт|powered|created|розроблено|розробка|made|designed|site)\ (?:by|створено|розроблений|розроблено|сайту
        |студі|розробл).{0,60}
    | our\ standards\s*[:–—-]\s*.{3,80}
    | (?:сторінка|стр\.|страница|page)\s\d{1,3}(?:\s?(?:з|із|из|of|/)\s?\d{1,3})?
    | [\w.+-]+@[\w-]+\.[\w.-]+ | \+?\d[\d\s()-]{8,18}\d
    )"""
)
_ROW = re.compile(r"\s*[|•·/]\s*|\s{2,}|,\s+")


def is_footer(text: str) -> bool:
    """True for a line of a page's foot: `© 2027 …`, `Contact us`, rules of reprinting."""
    if len(text) > 300:
        return False
    if key_of(text) in _LINKS or _RIGHTS.fullmatch(spelled(text)):
        return True
    parts = [key_of(part) for part in _ROW.split(text) if key_of(part)]
    return len(parts) > 1 and all(part in _LINKS for part in parts)


def is_rights(text: str) -> bool:
    """True for the copyright line, below which nothing of an article follows."""
    line = spelled(text)
    return len(line) <= 200 and bool(
        re.search(r"(?i)©|\(c\)\s?(?:19|20)\d\d|all rights reserved|(?:всі|усі) права|все права", line)
    )
