"""The guard at every door: programs on this machine may come in, a web page of another origin may not."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.wire import LOCAL_HOSTS

#: The page itself, which any link may lead to: it is the same for everyone and does nothing.
OPEN = "/"
#: Values of Sec-Fetch-Site for a request from our own page, or from the address bar.
OWN_SITES = ("same-origin", "none")


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 403 to a request that a page of another origin sends, whatever it asks for.

    A form or a picture reaches this machine without asking first, so each request is looked at; bots and other
    programs name neither an origin nor a site. A foreign `Host` is a name that was pointed here to look like ours.
    """
    if not is_local(request.host):
        raise web.HTTPForbidden(text="The sandbox is only for this machine, by the names 127.0.0.1 and localhost.")
    if request.path != OPEN and comes_from_elsewhere(request):
        raise web.HTTPForbidden(text="The sandbox takes nothing from pages of another origin.")
    return await handler(request)


def is_local(host: str) -> bool:
    """True if this `Host` header, with or without a port, names this machine."""
    try:
        return urlsplit(f"//{host}").hostname in LOCAL_HOSTS
    except ValueError:
        return False


def comes_from_elsewhere(request: web.Request) -> bool:
    """True if a browser says that the request was made by something else than the sandbox's own page."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    own = f"{request.scheme}://{request.host}"
    return (origin is not None and origin != own) or (site is not None and site not in OWN_SITES)
