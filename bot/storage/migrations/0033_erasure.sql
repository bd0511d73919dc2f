-- A reader may be forgotten at any time: the buttons in a chat are found without a look at all others.
CREATE INDEX button_chat ON button (chat);
