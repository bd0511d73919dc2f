"""Words of a page's own machinery: advertisement marks, share rows, forms, buttons, comment boxes."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, keys, spelled

_NETWORKS = keys(
    "facebook|фейсбук|fb|telegram|телеграм|tg|viber|вайбер|twitter|твіттер|твиттер|x|whatsapp|вотсап|instagram|"
    "інстаграм|инстаграм|tiktok|тікток|youtube|ютуб"
    "|linkedin|pinterest|messenger|reddit|threads|signal|bluesky|mastodon|google news|rss|email|e-mail|пошта|imo|"
    "skype|tumblr|flipboard|pocket|google",
    "x (twitter)|twitter/x|facebook messenger|вконтакте|одноклассники|vk|ok|x.com|гугл новини|google новини|"
    "soundcloud|spotify|apple podcasts",
)
_SHARE = keys(
    "поділитися|поділитись|поділитися в соцмережах|поділитися новиною|поділитися статтею|поділіться|поділись|"
    "поділись новиною|поширити|поширити новину|розповісти друзям"
    "|поділитися цим|поділитися у facebook|поділитися в facebook|поділитися у telegram|поділитися в telegram|"
    "скопіювати посилання|копіювати посилання|посилання скопійовано"
    "|надіслати другу|надіслати поштою|роздрукувати|друкувати|друк|версія для друку|зберегти|зберегти статтю|"
    "додати в закладки|додати до обраного|в закладки|у закладки|слухати"
    "|слухати новину|прослухати|прослухати статтю|прослухати новину|читати вголос|оцінити|сподобалось|подобається|"
    "сподобався матеріал|поділіться з друзями|tweet|твітнути"
    "|читати українською|читати російською|читать на русском|читати англійською|укр|рус|eng|українською|російською|"
    "збільшити шрифт|розмір шрифту|текст|а а а",
    "поделиться|поделиться новостью|поделиться в соцсетях|поделиться статьей|расскажите друзьям|рассказать друзьям|"
    "скопировать ссылку|распечатать|версия для печати|в закладки"
    "|сохранить|отправить другу|слушать|прослушать|понравилось|поделитесь|поделись с друзьями|нравится|"
    "поделитесь с друзьями|печать|твитнуть",
    "share|share this|share this article|share this story|share this post|share on facebook|share on twitter|"
    "share on x|share on whatsapp|share on telegram|share via email"
    "|share by email|share article|copy link|link copied|copy the link|print|print this page|print article|"
    "print this article|save|save article|save this article|save for later"
    "|bookmark|add to bookmarks|listen|listen to this article|listen to article|listen now|gift this article|"
    "gift article|give this article|send|email|email this article|like|pin it"
    "|like this|like this article|tweet this|follow|following|translate|text size|font size|share:|"
    "share full article|expand|view gallery|view in gallery|view image in fullscreen|enlarge",
)
_ADS = keys(
    "реклама|рекламний блок|на правах реклами|реклама на сайті|реклама партнерів|партнерський матеріал|"
    "спонсорський матеріал|спонсор|партнер|матеріал партнера|новини партнерів"
    "|продовження після реклами|продовження нижче|далі після реклами|рекламне повідомлення|закрити рекламу|"
    "прибрати рекламу|реклама 18+|промо|оголошення|приховати рекламу",
    "реклама на сайте|на правах рекламы|продолжение после рекламы|партнерский материал|новости партнеров|промо|"
    "рекламный блок|продолжение ниже|спонсорский материал|объявление",
    "advertisement|advertisements|advertising|ad|ads|ads by google|sponsored|sponsored content|paid content|promoted|"
    "promoted content|promotion|partner content|article continues below"
    "|article continues after this advertisement|story continues below|story continues below advertisement|"
    "article continues below this advertisement|advertisement - continue reading below"
    "|continue reading below|continues after advertisement|skip advertisement|skip ad|close ad|remove ads|"
    "from our partners|our sponsor|advert|scroll to continue|advertisement scroll to continue"
    "|newsletter|newsletters|skip to content|skip to main content|story continues after advertisement|"
    "read on after the advert|"
    "report this ad|why this ad|sponsor message|sponsored by|hide ad",
)
_FORMS = keys(
    "показати ще новини|більше новин за датою|show more news|аудіоверсія|аудіо версія|аудиоверсия|audio version|"
    "ваша реакція|ваша реакция|your reaction|спільний доступ: усі|shared with public|показати менше|see less|"
    "усі реакції|все реакции|all reactions|переглянути переклад|переглянути оригінал|see translation|see original|"
    "подивитися переклад|views|reposts|quotes|bookmarks|likes|replies|перегляди|репости|цитати|закладки|вподобання|"
    "увійти|увійти на сайт|вхід|вийти|реєстрація|зареєструватися|увійти або зареєструватися|вхід / реєстрація|пошук|"
    "пошук по сайту|шукати|меню|закрити|скасувати|надіслати|підписатися|підписатись"
    "|підписка|відписатися|ок|зрозуміло|прийняти|прийняти всі|погоджуюсь|приймаю|налаштування cookie|коментарі|"
    "коментувати|залишити коментар|додати коментар|прокоментувати|написати коментар|обговорити"
    "|обговорення|показати коментарі|показати всі коментарі|читати коментарі|всі коментарі|показати ще|"
    "завантажити ще|більше|ще|читати далі|читати повністю|детальніше|дізнатися більше|докладніше"
    "|продовжити читання|розгорнути|згорнути|показати більше|далі|назад|вперед|наступна|попередня|наступна новина|"
    "попередня новина|на головну|вгору|наверх|повернутися|перейти|ваш email|ваш e-mail|email"
    "|ваше ім'я|ім'я|пароль|забули пароль|нагадати пароль|повідомити про помилку|знайшли помилку|надіслати новину|"
    "запропонувати новину|підтримати|підтримати нас|підтримати редакцію|задонатити|донат"
    "|стати патроном|підтримати проєкт|відео|дивитися відео|переглянути відео|галерея|фотогалерея|фото|1/1|слайд|"
    "наступне фото|попереднє фото|зміст|змінити мову|версія для слабозорих|наживо|пряма трансляція",
    "войти|вход|регистрация|зарегистрироваться|поиск|поиск по сайту|меню|закрыть|отправить|подписаться|подписка|"
    "комментарии|комментировать|оставить комментарий|добавить комментарий|написать комментарий"
    "|показать комментарии|все комментарии|показать еще|загрузить еще|еще|читать далее|читать полностью|подробнее|"
    "узнать больше|далее|назад|вперед|на главную|наверх|сообщить об ошибке|нашли ошибку|поддержать"
    "|поддержать нас|поддержать редакцию|прислать новость|смотреть видео|галерея|фотогалерея|обсудить|обсуждение|"
    "развернуть|свернуть|содержание|следующая новость|предыдущая новость|принять|хорошо",
    "log in|login|sign in|sign up|register|subscribe|subscribe now|subscribed|unsubscribe|join|join now|log out|"
    "my account|account|search|menu|close|submit|cancel|ok|accept|accept all|accept cookies|i agree"
    "|got it|manage cookies|cookie settings|comments|comment|post a comment|leave a comment|leave a reply|"
    "add a comment|write a comment|add comment|view comments|show comments|hide comments|see all comments|"
    "join the conversation"
    "|join the discussion|load more|show more|see more|view more|more|read more|read on|continue reading|"
    "keep reading|read full article|read the full story|read full story|full story|learn more|find out more|next|"
    "previous"
    "|next article|previous article|next story|previous story|back|back to top|top|go back|return to homepage|"
    "home page|your email|your email address|email address|enter your email|name|password|forgot password"
    "|report an error|report a typo|report a mistake|report error|send a tip|send us a tip|got a tip|support us|"
    "donate|donate now|support our journalism|become a member|become a supporter|watch|watch video|watch live|play|"
    "play video|pause"
    "|mute|gallery|photo gallery|view photos|table of contents|jump to content|view all|see all|live|on air|"
    "start free trial|already a subscriber|already a subscriber? log in|already a member|create account|"
    "create a free account|notify me"
    "|turn on notifications|enable notifications|allow|not now|maybe later|no thanks|dismiss|skip|reply|"
    "log in to comment|sign in to comment|log in to reply|comments are closed|comments closed|most recent|newest|"
    "oldest|sort by|loading"
    "|listen to the podcast|download the app|get the app|open in app|was this helpful|was this article helpful|yes|"
    "thank you|thanks for your feedback|rate this article|to top|scroll down|view original|see original|"
    "original article",
)
_SENTENCES = re.compile(
    r"""(?ix)[^\w]{0,8} (?:
      (?:(?:якщо|если)\s(?:ви\s|вы\s)?)? (?:ви\s|вы\s)? (?:помітили|знайшли|побачили|заметили|нашли|увидели|виявили
          |обнаружили) \s .{0,40}? (?:помилк|ошибк|неточн|опечатк) .*
    | (?:виділіть|виділи|выделите|виділіть,\ будь\ ласка,) \s .{0,60}? (?:ctrl|натисн|нажм) .*
    | (?:натисніть|нажмите|press|hit) \s ctrl .* | .{0,80} ctrl\s?\+\s?enter .*
    | (?:spotted|noticed|found|see|seen|did\ you\ (?:spot|notice|find)) \s (?:an?\ |any\ )? (?:error|mistake|typo
        |inaccuracy|factual\ error|something\ wrong) .{0,120}
    | (?:report|flag) \s (?:an?\ |any\ )? (?:error|mistake|typo|correction) .{0,60}
    | (?:(?:будь\ ласка|пожалуйста|please),?\s)? (?:увійдіть|увійди|авторизуйтесь|авторизуйтеся|зареєструйтеся
        |зареєструйтесь|войдите|авторизуйтесь|зарегистрируйтесь) \b .{0,60} (?:комент|коммент|відгук|отзыв|читат
        |обговор).*
    | (?:(?:please\s)? (?:log|sign)\ in|you\ (?:must|need\ to)\ (?:be\ )?(?:log(?:ged)?|sign(?:ed)?)\ in
        |log\ in\ or\ (?:sign\ up|register)|register) \s (?:or\s\w+\s(?:up\s)?)? to \s (?:leave|post|add|write|comment
        |reply|read|join|continue|view|save|vote|see) .{0,50}
    | (?:щоб|аби|чтобы) \s .{0,50} (?:коментар|комментар\w*|коментувати|комментировать) ,? \s .{0,60}
    | (?:коментувати|комментировать|коментарі|комментарии) \s (?:можуть|можна|могут|доступні|доступны|закрито|закриті
        |вимкнено|закрыты|отключены) .{0,80}
    | (?:be\ the\ first\ to|будьте\ першим|станьте\ першим|будьте\ первым) .{0,40} (?:comment|коментар|коммент|react
        |оцінит) .{0,20}
    | (?:join\ the|have\ your\ say|what\ do\ you\ think|share\ your\ thoughts) .{0,20} (?:conversation|discussion
        |in\ the\ comments|below|comments) .{0,40}
    | (?:this|ця|цей|этот|we|ми|мы|наш|our) \s .{0,40} (?:cookie|cookies|куки|файли\ cookie) .{0,200}
    | (?:продовжуючи|продолжая|by\ continuing) .{0,120} (?:cookie|сайт|site|погоджує|соглаша|agree) .{0,120}
    | (?:джерело\ фото|photo\ source) \s* | (?:завантаження|loading|загрузка)\W*
    | (?:ваш|ваша|your) \s (?:e-?mail|email\ address|адреса|электронн\w+|електронн\w+) .{0,60} (?:опублік|published
        |опублик|required) .{0,40}
    | (?:обов'язкові|обязательные|required) \s (?:поля|fields) .{0,40}
    | (?:you\ have|у\ вас|you've) \s .{0,12} (?:free\ articles?|безкоштовн\w+\ (?:статт|матеріал)\w*) .{0,40}
    | (?:already|вже|уже) \s (?:a\ subscriber|a\ member|have\ an\ account|підписані|маєте\ акаунт|подписаны
        |зареєстровані) .{0,30}
    | (?:читати|читайте|дивитися|дивіться|читать|read|view|open) \s (?:повну\s|повністю\s|полностью\s
        |the\s)? (?:версію|новину|статтю|текст|публікацію|full\ (?:article|story|text|version)
        |the\ original) \s? (?:на\ сайті|за\ посиланням|на\ сайте|по\ ссылке|on\ (?:our|the)\ (?:web)?site|here
        |тут)? [^\w]{0,8}
    | (?:продовження|повний\ текст|повна\ версія|подробиці|продолжение|полный\ текст|full\ (?:text
        |story)) \s (?:за\ посиланням|на\ сайті|по\ ссылке|на\ сайте|in\ the\ link|at\ the\ link|on\ our\ (?:web)?site
        |у\ коментарях|в\ першому\ коментарі) [^\w]{0,8}
    | (?:оцініть|оцените|rate) \s (?:цю\s|цей\s|эту\s|этот\s|this\s)? (?:статтю|новину|матеріал|статью|новость
        |материал|article|story) [^\w]{0,8}
    | (?:надішліть|надсилайте|присылайте|шліть|send) \s (?:нам\s|us\s|свої\s|свои\s|your\s)? (?:новин\w*|фото|відео
        |story|tip|tips|news|новост\w*|a\ tip)\b .{0,60}
    )"""
)
_SHARE_ON = re.compile(
    r"(?i)[^\w]{0,8}(?:поділитися|поділитись|поширити|поделиться|share|post|tweet|send)\s(?:this\s|article\s|"
    r"story\s)?(?:у|в|на|on|via|to|through|by|через)\s(?P<where>[\w./() -]{1,24})[^\w]{0,8}"
)
_ROW = re.compile(r"\s*[|•·/,:]\s*|\s{2,}|\s[—–-]\s")


#: Single words that are surely a page's own; other single words may be a sub-head or an item of a list.
_SURE = keys(
    "поділитися|поділитись|поділіться|поширити|реклама|коментувати|прокоментувати|роздрукувати|увійти|"
    "зареєструватися|твітнути|поделиться|комментировать|войти|зарегистрироваться|распечатать|advertisement|"
    "advertisements|advertising"
    "|sponsored|promoted|share|login|register|підписатися|підписатись|подписаться|subscribe|tweet|bookmark|advert|"
    "детальніше|подробнее|докладніше|print|коментарі|комментарии|comments|читати далі|ads"
)

#: Buttons of one word beside a first one: `share tweet email`. A verb such as *print* may also be a word of a name.
_BESIDE = keys("share|save|tweet|email|print|copy|comment|поділитися|поширити|зберегти|друк|сохранить|поделиться")


def is_weak(text: str) -> bool:
    """True for one word that is a button only beside other buttons: `Facebook`, `Далі`, `Menu`."""
    key = key_of(text) if len(text) <= 40 else ""
    return key in _NETWORKS or (key in _SHARE | _FORMS | _ADS and len(key.split()) == 1 and key not in _SURE)


def is_ad(text: str) -> bool:
    return len(text) <= 80 and key_of(text) in _ADS


def is_button(text: str) -> bool:
    """True for the words of a share row, a form or a button: `Поділитися:`, `Log in to leave a comment`."""
    if len(text) > 300:
        return False
    key = key_of(text)
    if key in _SHARE or key in _FORMS:
        return True
    line = spelled(text)
    shared = _SHARE_ON.fullmatch(line) if len(line) < 80 else None
    if shared and key_of(shared["where"]) in _NETWORKS:
        return True
    return _SENTENCES.fullmatch(line) is not None or _is_row(line)


def _is_row(line: str) -> bool:
    """True for several buttons or networks on one line: `Facebook | Telegram | Viber`."""
    if len(line) > 160:
        return False
    words = [key_of(part) for part in _ROW.split(line)]
    parts = [word for word in words if word]
    several = len(parts) > 1 or (len(parts) == 1 and len(parts[0].split()) > 1)
    return several and all(map(_is_known, parts))


def _is_known(part: str) -> bool:
    """True for a button, or for networks one after another, which a call to share may lead: `share facebook x`."""
    if part in _NETWORKS or part in _SHARE or part in _FORMS:
        return True
    first, *others = part.split()
    return (first in _NETWORKS or first in _SHARE) and all(word in _NETWORKS or word in _BESIDE for word in others)
