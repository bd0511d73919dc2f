"""The newsroom's bots on Telegram: one talks with people, one posts to channels. Often they are the same."""

from __future__ import annotations

import telegram

from bot.adapters.telegram.request import AiohttpRequest


class Bots:
    """Both bots over one pool of connections. `desk` talks with the desk and readers, `channels` posts to channels."""

    def __init__(self, token: str, channel_token: str, api_url: str, request: AiohttpRequest) -> None:
        self.api_url = api_url.rstrip("/")
        self._own_url = f"{self.api_url}/bot{token}"
        self._files_url = f"{self.api_url}/file/bot{token}"
        self.request = request
        self.desk = self._made(token)
        self.channels = self._made(channel_token) if channel_token not in ("", token) else self.desk

    def _made(self, token: str) -> telegram.Bot:
        return telegram.Bot(
            token,
            base_url=f"{self.api_url}/bot",
            base_file_url=f"{self.api_url}/file/bot",
            request=self.request,
            get_updates_request=self.request,
        )

    @property
    def are_two(self) -> bool:
        return self.channels is not self.desk

    def url(self, method: str) -> str:
        """The address of a method of the desk's bot, for calls that go past python-telegram-bot."""
        return f"{self._own_url}/{method}"

    def file_url(self, path: str) -> str:
        """The address of a file that Telegram holds for the desk's bot."""
        return f"{self._files_url}/{path}"
