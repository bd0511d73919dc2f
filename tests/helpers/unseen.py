"""Texts that cannot be seen on a platform, and why."""

from __future__ import annotations

from collections.abc import Mapping

_NO_GROUPS = "a bot is in no group there"
_NO_REPLIES = "bots are not told there what somebody replies to"
_NO_FORWARDS = "bots are not told there what is forwarded or changed, and nobody sends albums"
_NO_ENTITIES = "formatting arrives there as marks in the text"
_NO_SUCH_FILES = "bots are sent nothing of that kind there"
_NO_EDITS = "no message can be redrawn there: the start is told, then the outcome"
_NO_WELCOME = "the app itself shows what stands before the first word, and a menu of the commands"
_NO_KEYBOARD = "buttons stand under messages there, and the app itself has a menu of the commands"
_EVERY_WORD = "whoever writes there becomes a reader by that"
_BEARS_IT = "one person is written to there as often as there is something to say"
_NO_SILENCE = "each message rings there, whatever the hour"
_NO_BECOMING = "nobody becomes a reader there by a word alone"

_IS_FETCHED = "in a chat it is fetched; only `visnyk draft` says this (tests/test_draft_command.py)"
_NO_SUCH_PAGE = "the sandbox's internet serves no such page; tests/test_pages.py reads some"

_FEED_ILL = "the sandbox's internet serves no such feed; tests/test_feeds.py shows its words"

_TAKES_DAYS = "it takes days of several posts each; the answer about fewer is shown"

_PRESSED_AGAIN = "it may be pressed again, so its row keeps no mark of it (tests/dialogues/test_questions.py)"

_NEVER_OFFERED = "no button leads there: newsroom/cases.py says it to whoever comes by another way"
_AMID_A_BROADCAST = "it takes a change amid a broadcast or a reader who leaves before one (tests/test_handover.py)"
_MANY_HOLDERS = "only before the edit of more than 20,000 copies (tests/test_changed_copies.py)"
_NO_ACCOUNT = "only of a bot on Viber alone that has no channel: a bot on Telegram is an account itself"
_ON_A_PAGE = "stands on the page of corrections (tests/test_corrections_page.py)"

#: Texts that neither platform shows.
_ANYWHERE: Mapping[str, str] = {
    "[see_post]": _PRESSED_AGAIN,
    "[see_question]": _PRESSED_AGAIN,
    "[show_article]": _PRESSED_AGAIN,
    "[help]": _PRESSED_AGAIN,
    "[read_story]": _PRESSED_AGAIN,
    "[more_news]": _PRESSED_AGAIN,
    "[left_out]": _PRESSED_AGAIN,
    "#{id} comes back only with two people: submit it.": _NEVER_OFFERED,
    "You proposed this change of #{id}: someone else must approve it.": _NEVER_OFFERED,
    "What we corrected or took back after it was published, the newest first.": _ON_A_PAGE,
    "Our corrections": _ON_A_PAGE,
    "Check a text": _ON_A_PAGE,
    "The same as a feed": _ON_A_PAGE,
    "gone: {n}": _AMID_A_BROADCAST,
    "new to {n}": _AMID_A_BROADCAST,
    "The message above is being corrected.": _MANY_HOLDERS,
    "We have no channel of our own yet.": _NO_ACCOUNT,
    "We write about {n} time a day.": _TAKES_DAYS,
    "the site doesn't answer": _FEED_ILL,
    "the answer came damaged": _FEED_ILL,
    "An address alone is no article: paste the article's text.": _IS_FETCHED,
    "The page came damaged. Try again in a minute, or paste the text itself.": _NO_SUCH_PAGE,
    "The page shows only the beginning of the text to those who do not pay.": _NO_SUCH_PAGE,
}

UNSEEN: Mapping[str, Mapping[str, str]] = {
    "telegram": {
        **_ANYWHERE,
        "Viber makes you our reader again as soon as you write here.": _NO_BECOMING,
        "Good day! Press the button, and our news comes here.": _NO_WELCOME,
        "Good day! You are invited to the newsroom's desk. Press the button to join it.": _NO_WELCOME,
        "Join the desk": _NO_WELCOME,
        "Latest news": _NO_WELCOME,
        "🆕 New": _NO_KEYBOARD,
        "📋 Queue": _NO_KEYBOARD,
        "📌 Mine": _NO_KEYBOARD,
        "❓ Doubts": _NO_KEYBOARD,
        "⏳ Decide #{id}": _NO_KEYBOARD,
        "🔕 You haven’t answered for a while, so I am not sending you everything. Messages left out so far: {n}. "
        "Write anything, and I will go on. What waits for you: /mine": _BEARS_IT,
        "Unsubscribe": _NO_KEYBOARD,
    },
    "viber": {
        **_ANYWHERE,
        "From {start} to {end} our news comes without a sound; only urgent news rings.": _NO_SILENCE,
        "One picture per article: the one with this text is taken. Left out with the others: {captions}": _NO_FORWARDS,
        "We keep nothing about you.": _EVERY_WORD,
        "That is for our private chat: write it to me there.": _NO_GROUPS,
        "That takes more than one message: write it to me in our private chat.": _NO_GROUPS,
        "Say the time together with the number, like this: /at {id} 18:30": _NO_GROUPS,
        "Reply to this with what to change in #{id}, one line each: “headline: …”, “lead: …”, “source: …”, “link: …”; "
        "or with the whole new text.": _NO_GROUPS,
        "Reply to this with what to change in #{id}. I will pass it on to the author.": _NO_GROUPS,
        "Reply to this with the reason for rejecting #{id}. I will pass it on to the author.": _NO_GROUPS,
        "A text this long may arrive in several parts: send it in our private chat, after /edit {id}.": _NO_REPLIES,
        "Replying to the card does the same right away.": _NO_REPLIES,
        "💬 Just a remark": _NO_REPLIES,
        "Nothing is changed: that message is not one to answer. This is how #{id} stands; answer this.": _NO_REPLIES,
        "A forwarded message is not a command. Type it yourself.": _NO_FORWARDS,
        "It was forwarded from our channel.": _NO_FORWARDS,
        "It came from our own bot.": _NO_FORWARDS,
        "🟡 The words of this post itself are ours. The original:": _NO_FORWARDS,
        "It was forwarded from “{name}”, a channel that is not ours.": _NO_FORWARDS,
        "🟡 This post is in our channel, but the newsroom's own record does not know it. Ask the newsroom about it.": (
            _NO_FORWARDS
        ),
        "This is #{id} of ours, version {version}.": _NO_FORWARDS,
        "Editing an old message changes nothing here. Use /edit 12 with the article's number.": _NO_FORWARDS,
        "One picture per article: the first of the album is taken, the others are left out.": _NO_FORWARDS,
        "Struck-out words would read as normal text: “{text}”": _NO_ENTITIES,
        "Hidden words would be open to everybody: “{text}”": _NO_ENTITIES,
        "Formatting is left out: “{text}”": _NO_ENTITIES,
        "the GIF": _NO_SUCH_FILES,
        "the voice message": _NO_SUCH_FILES,
        "the audio": _NO_SUCH_FILES,
        "the video message": _NO_SUCH_FILES,
        "the poll": _NO_SUCH_FILES,
        "The picture {name} came as a file and is not taken: send it as a photo.": _NO_SUCH_FILES,
        "Forwarded from a person ({name}), who is not named as the source. Add a line “source: …”.": _NO_FORWARDS,
        "The link under “{text}” is left out: {link}": _NO_ENTITIES,
        "The link to a person is left out: “{text}”": _NO_ENTITIES,
        "Telegram's own emoji is shown as an ordinary one: {text}": _NO_ENTITIES,
        "A date that follows the reader's clock becomes plain text: “{text}”": _NO_ENTITIES,
        "🚀 #{id} is going out now.": _NO_EDITS,
        "#{id}: its latest card is further down.": _NO_EDITS,
        "#{id} did not go out: it is on hold.": _NO_EDITS,
        "#{id} has been sent.": _NO_EDITS,
        "halted; to continue: /resume": _NO_EDITS,
    },
}
#: These are typed by the desk and shown to nobody, in no language.
TYPED = ("source:", "link:", "/queue", "/list", "/mine", "/doubts")
