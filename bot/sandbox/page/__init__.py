"""The playground: what the phones show, in a browser. `sandbox.page` is served at the sandbox's own address.

`page.phones`, `page.samples` and `page.actions` are handed in by whoever plays; without them the page shows everyone
there is. `page.changed()` tells the browsers that `page.status` has news.
"""

from bot.sandbox.page.cast import Phone, Sample
from bot.sandbox.page.page import Page

__all__ = ["Page", "Phone", "Sample"]
