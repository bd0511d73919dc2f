"""The words by which readers say what they wish: beginnings of words; `$` ends one that must be whole.

Ukrainian, English, the mixture of Ukrainian and Russian that many people speak, and Latin letters for either.
"""

from __future__ import annotations


def stems(text: str) -> tuple[str, ...]:
    """Return the beginnings of words that stand in a text, and the whole words."""
    return tuple(text.split())


#: Words that end a subscription wherever nothing else of substance is said.
STOP = stems(
    "відпис відпиш відписк видпис видпиш одпис одпиш отпис отпиш vidpys vidpis otpis unsub unfollow optout стоп$ "
    "стопп$ стооп$ стп$ сотп$ стпо$ стопе$ стопаем стопэ$ stop$ stopp$ stpo$ sotp$ stopit$ stoppit$ досить$ "
    "досит$ достатньо$ годі$ годи$ хватит хвате$ достаточно$ припиніт припинит припини$ перестан прекрати "
    "прекращайт відстан отстан відчеп отцеп відваліт відвали$ отвали заткни вимкніт вимкнут вимкни$ вимикай "
    "выключи виключіть$ виключи$ відключіт відключит відключи$ відключай отключит отключи$ отключай скасуй "
    "скасувати$ скасувать$ отменит отмени$ отмена$ отказываюс відмовля зупиніт зупини$ зупините$ зупинит$ зупиняй "
    "останови unsubscri opt$ закінчіт завершіт кінець$ конец$ геть$ cancel$ quit$ enough$ mute$ disable exit$ "
    "end$ off$ halt$ pause$"
)
#: Words that end it whatever else is said: they have no other meaning to a bot.
STRONG = stems(
    "відписатис відписать відписати відпишіт відпиши відписуюс видписат отписат отпишит отпиши$ отписываюс "
    "unsubscribe unsubscribe$"
)
#: Words beside which one that ends a subscription stays one.
BESIDE = stems(
    "писав писал wrote$ said$ told$ казав казала сказав говорив тричі двічі three$ times$ раз$ разів$ заблок "
    "забан набрид надоел дістали$ достали$ забагато$ багато$ много$ too$ many$ much$ скільки$ сколько$ кнопк "
    "куди$ куда$ де$ где$ нажат натиснут тиснут нажм where$ button press$ i$"
)
#: Words that end a subscription if they are about the person or the subscription.
TAKE_OUT = stems("видал вилуч прибер забер удал уберит убери$ исключ викинь викиньте remove delete take$ turn$ leave$")
#: What must be named beside `TAKE_OUT`.
TAKEN_OUT = stems("мене$ меня$ мій$ me$ підписк подписк subscri notific сповіщ уведомлен списк list$ alone$ off$")
#: Words of sending and getting, which end a subscription after a "no" and begin one without it.
SEND = stems(
    "присил присыл надсил надішл прислат пришл надіслат шліт шлит шли$ слат слать пиш писат писать пишіт пишит "
    "отрим получ send receiv get$ getting$ writ messag text$ спам spam турбу беспоко дзвон показу bother email"
)
#: Words of wishing, which need a `SEND` or an object beside them.
WANT = stems("хоч треба$ потріб надо$ нужн нада$ want$ need$ wish$ цікав интерес interested$ читат читать read$")
#: What one is not, without a word on what.
INTEREST = stems("цікав интерес interested$")
#: What is not wished for then.
OBJECT = stems(
    "новин новост нових повідомл сообщен розсил рассыл сповіщ підписк подписк ваш більше$ больше$ більш$ news$ "
    "message messages$ subscri notific newsletter more$ anymore$ longer$ updates$ update$ this$ цього$ этого$"
)
NO = stems("не$ ні$ нє$ нет$ неа$ ніколи$ no$ not$ dont$ never$ без$ досить$ without$ cant$ stop$")
START = stems(
    "понов "
    "підпис підпиш пидпис подпис подпиш pidpys pidpis podpis subscri sub$ старт start$ begin$ почат почни$ "
    "почніть$ почнемо$ начат начни віднов поверн повертай верни вернут верну возобнов resub resum comeback$ "
    "увімкн включ підключ подключ unmute$ join$"
)
AGAIN = stems("обратно$ знов снова$ опять$ опят again$ назад$ back$")

#: Words that change nothing of a wish.
FILLERS = stems(
    "всього$ всего$ "
    "будь$ ласка$ ласкаво$ пж$ плз$ пліз$ пліс$ прошу$ пожалуйста$ пожалуста$ please$ pls$ plz$ kindly$ мене$ "
    "мені$ мне$ меня$ ми$ мы$ нас$ нам$ я$ i$ id$ im$ ill$ me$ my$ мою$ моя$ мій$ we$ us$ вас$ ви$ вы$ ваш вам$ "
    "ти$ тебе$ you$ your$ нічого$ ничего$ nothing$ из$ від$ от$ од$ вiд$ з$ із$ зі$ с$ на$ до$ у$ в$ за$ для$ to$ "
    "from$ the$ a$ an$ of$ in$ on$ for$ with$ at$ it$ this$ that$ these$ all$ everything$ це$ ці$ цю$ цього$ цей$ "
    "ця$ цих$ это$ эти$ эту$ этот$ все$ всі$ всю$ всё$ усе$ усі$ всіх$ всех$ вже$ уже$ нарешті$ наконец$ зараз$ "
    "сейчас$ now$ right$ already$ immediately$ негайно$ терміново$ новин новост news$ повідомл сообщен сообщ "
    "message розсил рассыл спам spam newsletter сповіщ уведомл notific підписк подписк subscription$ "
    "subscriptions$ канал channel бот$ бота$ боте$ ботом$ bot$ чат chat$ service$ list$ списк хоч want$ wanna$ "
    "would$ like$ need$ треба$ надо$ нужно$ потрібно$ можна$ можно$ можу$ могу$ can$ could$ how$ як$ как$ do$ і$ "
    "й$ та$ а$ и$ and$ but$ але$ но$ так$ да$ же$ ж$ бо$ то$ просто$ just$ більше$ больше$ більш$ more$ anymore$ "
    "any$ longer$ вообще$ взагалі$ сюди$ сюда$ here$ тут$ надсил присил присыл надішл шліт шлит слат пишіт писат "
    "писать send$ sending$ receiv get$ getting$ отрим получ знов снова$ again$ назад$ back$ up$ off$ out$ своїх$ "
    "свої$ свою$ їх$ их$ them$ help$ рассылки$ приход is$ be$ will$ sir$ шановн друзі$ люди$ пан$ пані$ дуже$ "
    "очень$ very$ so$ ну$ ой$ ок$ ok$ okay$ оце$ ото$ тоді$ буду$ буде$"
)
GREETING = stems(
    "вісник$ вісника$ редакціє$ редакція$ редакция$ команда$ команді$ колеги$ колего$ панове$ "
    "hey$ there$ привіт привет вітаю вітан доброго$ добрий$ добр$ доброї$ добридень$ добра$ здравствуй здраст "
    "здоров салют хай$ хелло$ hi$ hello$ heya$ hiya$ good$ morning$ evening$ afternoon$ day$ дня$ день$ ранку$ "
    "ранок$ вечір$ вечора$ вечор утро$ утра$ слава$ україні$ україни$ pryvit$ privet$ vitayu$ ку$ алло$ алё$ "
    "greetings$"
)
THANKS = stems(
    "дяка$ подяка$ класн крут$ крутий$ крута$ круті$ топ$ топово$ лайк$ корисн якісн полезн вогонь$ шик$ шикарн "
    "прекрасн класс$ классн отличн відмінн amazing$ perfect$ wonderful$ helpful$ useful$ оперативн швидк ого$ вау$ "
    "wow$ "
    "большое$ огромн величезн so$ much$ велик велич щир сильно$ дяку дякс дяки$ спасиб спс$ thank thx$ thanks$ "
    "tnx$ ty$ cheers$ благодар вдячн супер$ клас$ класно$ круто$ чудово$ молодц чудов$ великолепн great$ cool$ "
    "awesome$ nice$ love$ люблю$ дякую$ dyakuyu$ diakuiu$ appreciate$ респект$ гарна$ гарно$ робота$ работа$ job$ "
    "work$ excellent$ найкращ лучш best$"
)
FAREWELL = stems(
    "па$ чао$ допобачення$ спокійної$ вечора$ дня$ day$ later$ cya$ вам$ тобі$ "
    "гарного$ хорошого$ have$ nice$ побачення$ бувай пока$ папа$ bye$ goodbye$ свидан зустрічі$ добраніч$ ночі$ "
    "ночи$ night$ ciao$"
)
LATEST = stems(
    "вчора$ вчера$ yesterday$ "
    "s$ останн свіж нов нове$ нового$ нові$ послед свеж головн главн latest$ recent$ fresh$ newest$ whats$ new$ "
    "today$ сьогодні$ сегодня$ новини$ новости$ news$ заголовк headlines$ стрічк лента$ дня$ день$ відбува "
    "происход стало$ сталося$ трапил случил happen що$ шо$ что$ чо$ what$ є$ есть$ дай$ дайте$ покаж show$ give$ "
    "tell$ розкаж расскаж світі$ мире$ country$ країні$ де$ где$ where$ там$ які$ какие$ сталось$ world$ цікаве$ "
    "цікавого$ новенького$"
)
#: At least one of these makes a wish for the latest.
LATEST_NEEDS = stems(
    "сьогодні$ сегодня$ today$ вчора$ вчера$ "
    "останн свіж послед свеж головн главн latest$ recent$ newest$ fresh$ новин новост news$ нового$ нове$ "
    "новенького$ headlines$ заголовк whats$ new$ сталося$ сталось$ відбува происход случил трапил happen"
)
AFFIRMED = stems(
    "test$ тест$ перевірка$ так$ ні$ ок$ окей$ ok$ okay$ ага$ угу$ добре$ ладно$ хорошо$ зрозуміло$ понятно$ yes$ "
    "no$ yep$ sure$"
)

#: Phrases: each stands in what is said, its words in this order and near each other.
WHO = (
    "офіційний канал, офіційний бот, офіційна сторінка, це офіційн, официальный канал, official channel, official "
    "bot, are you official, з якого ви, из какого вы, хто тебе зроб, хто вас зроб, кто тебя сдел, who made you, де "
    "ви знаходит, где вы находит, where are you, "
    "хто ви$, хто ти$, хто це$, хто тут$, хто пише, кто вы$, кто ты$, кто это$, кто пишет, що це за, что это за, "
    "ти бот$, ви бот$, це бот$, ты бот$, вы бот$, это бот$, жива людина, ти людина, живий, живая, робот, ви "
    "справжн, хто вас, що за канал, що за бот, ваша назва, як вас зва, як тебе зва, who are you, who is this, "
    "whos this, what is this$, what are you, are you a, are you real, are you human, is this a bot, who runs, "
    "your name, хто автор, хто власник, что за канал, чому мені це, почему мне, why do i get, why am i, мій "
    "номер, мой номер, my number, звідки ви$, що ви за, what newsroom, what channel, яка це редакція, чий це, чия "
    "це"
)
PRICE = (
    "скільки коштує підписк, скільки коштує бот, скільки коштує канал, сколько стоит подписк, скільки платити, ціна "
    "підписки, абонплат, do i pay, do i have to pay, треба платити, "
    "безкоштовн, безплатн, бесплатн, is it free, is this free, скільки це коштує, сколько это стоит, how much is "
    "it, how much does it cost, how much does this cost, платний, платная, платно"
)
HOW_OFTEN = (
    "коли пиш, коли ви пиш, коли ви надсил, коли ви публік, коли публікуєте, о якій ви, о якій пиш, о якій годині "
    "ви, о якій годині пиш, в який час ви, у який час ви, в які години, у які години, в какое время вы, в какие "
    "часы, когда вы пиш, когда пишете, what hours, which hours, at what time do, коли чекати новин, коли очікувати "
    "новин, when should i expect, when to expect, "
    "коли наступна, когда следующая, when is the next, when will the next, "
    "як часто, скільки новин, скільки разів, скільки повідомлень, коли виход, коли надсил, коли прийде, коли "
    "будуть, как часто, сколько новостей, сколько раз, how often, how many, how frequent, what time do, when do "
    "you, о котрій, щодня пишете, кожного дня, щодня надсил, every day"
)
SOUND = (
    "без звуку, вимкніть звук, вимкнути звук, вимкни звук, выключите звук, выключить звук, без звука, на беззвуч, the "
    "sound$, without sound, no sound, сповіщення на ніч, уведомления на ночь, тихі години, тихий режим, тихие часы, "
    "нічний режим, ночной режим, quiet hours, silent hours, night mode, do not disturb"
)
#: Words of the night, and of times that are too late or too early for a message.
NIGHT = stems(
    "вноч уноч ноч ночам ночью ноч$ ніч$ ночі$ нічн ночн night nights опівноч полноч полуноч midnight пізно поздно "
    "рано$ раннь зранку$ вранці$ уранці$ світанк досвіта сон$ сна$ сну$ late$ early$ asleep$ overnight$ nighttime$"
)
#: Words before an hour of the clock.
BEFORE_CLOCK = stems(
    "після$ после$ after$ до$ before$ until$ till$ о$ об$ в$ у$ at$ з$ із$ с$ від$ от$ from$ by$ годині$ between$ між$ "
    "и$ і$ and$ to$ раніше$ раньше$ пізніше$ позже$"
)
#: Words of being woken.
WAKES = stems("буди$ будит будіт будите$ будите будиш розбуд разбуд прокида просина wake$ wakes$ waking$ woke$ woken$")
#: Words that ask for a reason or a time, and small ones of the clock.
NIGHT_ASKED = stems(
    "чому$ чого$ нащо$ навіщо$ почему$ зачем$ why$ коли$ когда$ when$ годин часов$ часа$ часу$ am$ pm$ oclock$ "
    "hours$ hour$ такий$ такі$ таку$ такое$ сплю$ спимо$ спати$ спать$ сплять$ спят$ sleep$ sleeping$ are$ does$ "
    "did$ по$ під$ час$ during$ посеред$ серед$ середи middle$ чи$ краще$ лучше$ вдень$ удень$ днем$ дні$ daytime$ "
    "день$ day$ ранку$ ранок$ утра$ вечора$ вечером$ ввечері$ увечері$ evening$ morning$ діти$ дети$ дитин ребенк "
    "ребёнк kids$ people$ телефон phone$"
)
TOO_MUCH = (
    "забагато, занадто багато, надто багато, дуже багато новин, так багато, так часто, занадто часто, надто "
    "часто, слишком много, слишком часто, так много, too many, too much, too often, so many, so often, менше "
    "новин, рідше, реже, less often, fewer, less news, поменше, замучили, набридли, надоели, дістали, достали"
)
SILENCE = (
    "не приход, не отриму, не получа, не надсила, не присила, не присыла, не пишете, нічого не прийш, перестали "
    "приход, чому мовч, почему молч, нема новин, немає новин, нет новостей, no news, not receiv, not getting, "
    "dont get, dont receive, stopped receiv, havent received, havent got, чому тихо, давно не було, why dont, why "
    "no"
)
#: What says so although it sounds like a wish for silence.
MISSED = (
    "im not receiv, im not getting, am not receiv, am not getting, i dont get$, i dont receive, havent received, "
    "havent got, not getting any, not receiving any, не отримую, не получаю, не приход"
)
HELP = (
    "допомо, помоги, помощ, help, команд, commands, меню$, menu$, що ти вмієш, що ви вмієте, що ти можеш, що "
    "вмієш, що ти умієш, что ты умеешь, что умеешь, як користув, як працює бот, як це працює, как пользов, how "
    "does this work, how does it work, what can you, how to use, how do i use, інструкція, підкажіть як, що мені "
    "робити, що робити$"
)
FORGET = (
    "видали всі мої, видаліть всі мої, видали усі мої, видаліть усі мої, видали мої, удали мои, удали все мои, "
    "удалите все мои, delete all my, erase all, "
    "забудьте мене, забудь мене, видаліть мої, видалити мої, видаліть всі дані, стер мої, стерти мої, зітріть, "
    "удалите мои, удалить мои, забудьте меня, forget me, delete my, erase my, remove my data, видаліть дані, "
    "видалити дані, delete data, erase me"
)
MY_DATA = (
    "дані ви про мене, дані про мене, про мене маєте, про мене зберіг, данные обо мне, data about me, data do you "
    "have, "
    "мої дані, мои данные, my data, знаєте про мене, знаєш про мене, знаете обо мне, know about me, зберігаєте, "
    "храните, do you store, do you keep, персональні дані, personal data, privacy, приватність"
)
DESK = (
    "маю новин, маю інформ, є інформ, є новина, є тема, маю тему, хочу повідом, хочу розпов, хочу поскарж, хочу "
    "надіслати, хочу сообщ, хочу рассказ, есть информ, есть новость, як повідом, як вам написати, куди писати, "
    "куди надсил, куди надіслати, куди звертат, звязатис, звязаться, связат, контакт, contact, телефон редакц, "
    "номер редакц, пошта редакц, адреса редакц, hotline, have a tip, have news, have a story, have information, "
    "tip for you, submit a, send you a, write to you, reach the, reach you, talk to a, speak to a, поговорити з, "
    "журналіст, корреспондент, редактор, редактора, journalist, editor, реклам, advertis, співпрац, сотруднич, "
    "cooperat, запропонувати новину, предложить новость, надіслати новину, report something, прийміть новину, "
    "повідомити новину"
)
TELL = (
    "передайте, передай, у нас на, у нас в, у нас у, у нас вимкн, у нас відкл, у нас немає, бачив, бачила, "
    "свідок, помилк, ошибк, mistake, typo, error in, неправда$, брех, бреше, врете, вранье, you lie, its wrong, "
    "is wrong, is incorrect, виправте, исправьте, please fix, щойно на, прямо зараз, на нашій, у нашому, в "
    "нашому, біля нас, in our, on our, i saw, we saw, i witnessed, there is a fire, there was an"
)
CHECK = (
    "допис ваш, пост ваш, текст ваш, новина ваша, "
    "правда, правд, фейк, fake, true, real, ваша новина, ваша$, ваше$, ваш$ допис, ваш$ пост, ваш$ текст, yours, "
    "your post, your text, справжн, достовірн, перевір, провер, check, verify"
)
#: Words that ask.
ASK = stems(
    "де$ що$ шо$ чо$ чого$ коли$ хто$ як$ чому$ скільки$ чи$ який$ яка$ яке$ які$ якого$ куди$ звідки$ где$ что$ "
    "когда$ кто$ как$ почему$ сколько$ какой$ какая$ какие$ куда$ where$ what$ when$ who$ how$ why$ which$ is$ "
    "are$ did$ does$ will$ was$ were$ has$ have$ any$ anything$ про$ о$ об$ щодо$ стосовно$ about$ regarding$ "
    "знайд знайти$ найди найти$ find$ search$ look$ шук ищу$ покаж show$ розкаж расскаж tell$ дай$ дайте$ є$ "
    "есть$"
)
#: Words that do not tell one story from another.
EMPTY = stems(
    "новин новост news$ матеріал статт стать article articles$ story$ допис інформац информац information$ тема$ "
    "тему$ писал писали$ write$ wrote$ published$ публікув там$ there$ буде$ будет$ було$ было$ був$ була$ "
    "сталося$ стало$ відбува происход happened$ happening$ last$ latest$ останн послед сьогодні$ сегодня$ today$ "
    "вчора$ вчера$ yesterday$ завтра$ tomorrow$ знаєте$ знаете$ know$ чути$ слышно$ щось$ что-то$ something$ "
    "going$ з$ із$ зі$ со$ про$ о$ об$ при$ по$ під$ біля$ між$ через$ after$ before$ by$ as$ had$ been$ his$ "
    "her$ their$ його$ її$ їх$ ли$ бы$ б$ би$ він$ вона$ вони$ воно$ он$ она$ they$ he$ she$ those$ ви$ вы$ "
    "скажіть$ скажи$ скажите$ підкажіть$ цікавить$ цікаво$ інтересує$ интересует$ interested$ update$ updates$ "
    "детальніше$ подробиці$ подробности$ details$"
)
LANGUAGES = {
    "uk": "українськ украинск україномовн укр$ ukrainian$ ukr$",
    "en": "англійськ английск англ$ english$ eng$ инглиш інгліш",
    "ru": "російськ русск русском$ руськ russian$ рус$",
    "pl": "польськ polish$ польск",
    "de": "німец german$ немец",
    "hu": "угорськ hungarian$",
    "ro": "румун romanian$",
}
#: Words beside a language's name that leave it a wish for it.
SPEAK = stems(
    "розумі понима understand не$ dont$ дава мов язык языке$ language$ lang$ switch$ change$ зміни змінити$ "
    "змініть$ поміня перемкн переключ смени speak$ говор розмовля пиш write$ translate$ have$ переклад перевед "
    "version$ версі лише$ тільки$ только$ only$ хай$ in$ по$ на$ читат read$ є$ does$ чи$ обрати$ вибрати$ "
    "instead$ ви$ можете$ зробіть$"
)
