"""The command line."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import platform
import resource
import signal
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.progress import Progress

from bot import __version__, logs
from bot import app as house
from bot.app import record_commands
from bot.app.terminal import do, fail, settings_of_here, words_for
from bot.domain.sheet import lines_of
from bot.errors import CannotStart, StartAgain
from config.faults import SettingsError
from config.newsroom import load_newsroom
from config.settings import Settings

log = structlog.get_logger(__name__)
#: Files that may be open at once, where the system allows as many.
FILES = 65_536

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Visnyk: a newsroom's articles on Telegram and Viber.",
)
audit = typer.Typer(no_args_is_help=True, help="The record of who did what.")
cli.add_typer(audit, name="audit")
cli.add_typer(record_commands.record, name="record")


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"Visnyk {__version__} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version})")
        raise typer.Exit


@cli.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Tell the version.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Options of Visnyk itself; each command has its own."""


InLanguage = Annotated[str | None, typer.Option("--language", help="uk or en; else as LC_ALL or LANG says.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log every detail.")]


@cli.command()
def run(verbose: Verbose = False) -> None:
    """Run everything in one process, until Ctrl+C or SIGTERM."""
    settings = settings_of_here(verbose=verbose)
    _take_files()
    do(_serve(settings))


@cli.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play it once; exit 0 only if every phone shows it once.")
    ] = False,
    article: Annotated[Path | None, typer.Option("--article", help="Play the article in this file.")] = None,
    port: Annotated[int, typer.Option("--port", help="Where the page is.")] = 8080,
    verbose: Verbose = False,
) -> None:
    """Try Visnyk in a browser, without tokens and without the internet: both platforms play on this machine."""
    from bot.demo import play, show  # loads the sandbox, which nothing else needs

    logs.set_up_logs("DEBUG" if verbose else "ERROR", False, ())
    if not do(play(article) if once else show(article, port)):
        raise typer.Exit(1)


@cli.command()
def setup(
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="JSON with token, name, languages, time_zone, second: for machines."),
    ] = None,
    language: InLanguage = None,
) -> None:
    """Get from a bot's token to a newsroom that can start: asks, finds owner and channels, writes .env."""
    from bot.app.setup import SetUp  # needed only here
    from bot.app.talks import AnswersFile, Terminal

    logs.set_up_logs("ERROR", False, ())
    words = words_for(language, os.environ)
    try:
        talk = AnswersFile.read(answers) if answers is not None else Terminal()
    except CannotStart as error:
        fail(words.of(error))
    do(SetUp(Path.cwd(), talk, os.environ, words).run(), words)
    typer.echo(
        words("Written. `visnyk run` starts; docs/deploy.md has the service that keeps it up. The doctor's look:")
    )
    _look(settings_of_here())


@cli.command()
def doctor() -> None:
    """Check tokens, rights in each channel, webhook, clock, disk and database; say what to do."""
    _look(settings_of_here())


def _look(settings: Settings) -> None:
    from bot.doctor import examine  # needed only here

    console = Console()
    findings = do(examine(settings))
    for finding in findings:
        console.print(("[green]✓[/]" if finding.ok else "[red]✗[/]"), finding.what, highlight=False)
        if not finding.ok and finding.advice:
            console.print("  →", finding.advice, highlight=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@cli.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False) -> None:
    """Tell how it is: 0 all is well, 1 somebody should look, 2 it does not do its work."""
    settings = settings_of_here()
    from bot.app import status as look  # needed only here

    found = do(look.status(settings, house.utc_now()))
    judged = look.remarks(found)
    if as_json:
        typer.echo(json.dumps(look.as_json(found, judged), ensure_ascii=False, indent=2))
    else:
        for remark in judged:
            typer.echo(f"{'✓!✗'[remark.level]} {remark.what}: {remark.said}")
    raise typer.Exit(max(remark.level for remark in judged))


@cli.command()
def bench(
    only: Annotated[
        str | None, typer.Option("--only", help="One section: speed, limiter, ledger, latency, start or past.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Rough figures within a minute or two.")] = False,
) -> None:
    """Measure this machine: what sending costs beside other libraries, use of the rate, the ledger, waiting times."""
    from bot.bench import SECTIONS, SPEED, bench  # loads all clients that it compares

    if only not in (None, SPEED, *SECTIONS):
        fail(f"There is no section “{only}”. There are: {', '.join((SPEED, *SECTIONS))}.")
    logs.set_up_logs("ERROR", False, ())
    do(bench(only, quick=quick))


@cli.command()
def fetch(
    url: Annotated[str, typer.Argument(help="The page's address.")],
    html: Annotated[Path | None, typer.Option("--html", help="Saved bytes of the page instead of the network.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what would be taken of a page, without starting anything."""
    settings = settings_of_here()
    from bot.app.looking import look  # loads what reads pages, which nothing else needs

    taken = do(look(url, html, settings))
    typer.echo(json.dumps(taken, ensure_ascii=False, indent=2) if as_json else "\n".join(lines_of(taken)))


@cli.command()
def feeds(
    url: Annotated[str, typer.Argument(help="The feed's address: RSS, Atom, JSON Feed or a WordPress's posts.")],
    file: Annotated[Path | None, typer.Option("--file", help="Saved bytes of it instead of the network.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what would be taken of each item of a feed, without starting anything."""
    settings = settings_of_here()
    from bot.app.looking import look_at_feed  # loads what reads feeds, which nothing else needs

    taken = do(look_at_feed(url, file, settings))
    if as_json:
        typer.echo(json.dumps(taken, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n\n".join("\n".join(lines_of(each)) for each in taken))


@cli.command()
def draft(
    files: Annotated[list[str] | None, typer.Argument(help="The text's file; - or nothing: the input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
    newsroom: Annotated[
        Path | None, typer.Option("--newsroom", help="newsroom.toml with the newsroom's own words.")
    ] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Propose [template] for newsroom.toml from these articles.")
    ] = False,
) -> None:
    """Show what would be taken of a pasted text, without starting anything."""
    from bot.app import drafting  # needed only here

    paths = files or ["-"]
    try:
        if learn:
            typer.echo(drafting.learn(paths))
            return
        if len(paths) > 1:
            fail("One text at a time; several are for --learn.")
        taken = drafting.draft(paths[0], newsroom)
    except (CannotStart, SettingsError) as error:
        fail(str(error))
    typer.echo(json.dumps(taken, ensure_ascii=False, indent=2) if as_json else "\n".join(lines_of(taken)))


@cli.command()
def migrate() -> None:
    """Bring the database to this version's form. Safe to repeat."""
    why = do(house.migrate(settings_of_here()))
    typer.echo(f"{why} The one that leads next brings it up to date." if why else "The database is up to date.")


@cli.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The new file. Default: beside the database.")] = None,
) -> None:
    """Copy the database, also while Visnyk runs. `restore` takes such a copy."""
    settings = settings_of_here()
    typer.echo(f"Backup written and checked: {do(house.backup(settings, target))}")


@cli.command()
def restore(copy: Annotated[Path, typer.Argument(help="The backup.")]) -> None:
    """Put a backup in the database's place, while Visnyk is stopped. What was there is kept beside it."""
    settings = settings_of_here()
    restored = do(house.restore(settings, copy))
    typer.echo(f"Restored and checked: {house.database_name(settings)}, audit log up to entry {restored.head.id}.")
    if restored.kept is not None:
        typer.echo(f"The database that was there is kept: {restored.kept}")
    typer.echo("Nothing leaves by itself: start Visnyk, then decide in its chat with /list and /doubts.")


@cli.command()
def move(
    source: Annotated[str, typer.Argument(help="The database to copy: sqlite:///… or postgresql://…")],
    target: Annotated[str, typer.Argument(help="An empty database, or a file that is not there yet.")],
) -> None:
    """Copy everything to another database, while Visnyk is stopped, and check it. The source stays as it is."""
    settings = settings_of_here()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("Moving", total=None)
        moved = do(
            house.moved(settings, source, target, lambda done, rows: progress.update(bar, completed=done, total=rows))
        )
    typer.echo(f"Moved and checked: {moved.rows} rows, audit log up to entry {moved.head.id}.")
    typer.echo(
        "Set DATABASE_URL to the new place. Nothing leaves by itself: decide in the chat with /list and /doubts."
    )


@audit.command()
def verify(
    head: Annotated[list[str] | None, typer.Option("--head", help="A head that was noted: ID:HASH.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="A backup to look at instead.")] = None,
) -> None:
    """Find any change to the audit log, also while Visnyk runs. With a posted head, also a rewritten log."""
    verdict = do(house.audit(settings_of_here(), head or [], file))
    if verdict.fault is not None:
        fail(str(verdict.fault))
    if verdict.unproven:
        fail(
            "The audit log is whole, but these rows of the database are not as it says; they count for nothing, and "
            f"somebody worked on the database: {', '.join(verdict.unproven)}"
        )
    typer.echo(f"The audit log is whole: entries {verdict.head.id}, head {verdict.head}")


cli.command("verify")(record_commands.verify_text)
cli.command("witness")(record_commands.witness)


def main() -> None:
    # Before any file is made: databases, backups and logs hold readers' ids.
    os.umask(0o077)
    cli()


def _take_files() -> None:
    """Raise the number of files that may be open as far as the system lets us: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, FILES) if hard != resource.RLIM_INFINITY else FILES
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log.debug("event_loop", made_by=type(asyncio.get_running_loop()).__module__)
    while not stop.is_set():
        with suppress(StartAgain):
            await _run_once(settings, stop)


async def _run_once(settings: Settings, stop: asyncio.Event) -> None:
    """Run a house until it is to stop or to start again."""
    async with house.open_app(settings, stop=stop) as app:
        typer.echo(f"Visnyk is running at {app.url}. Ctrl+C stops it.", err=True)
        # Objects made at the start live as long as the process; scanning them over and over costs 5 % of every
        # message.
        gc.collect()
        gc.freeze()
        await _until_stopped_or_changed(app, settings, stop)


async def _until_stopped_or_changed(app: house.App, settings: Settings, stop: asyncio.Event) -> None:
    """Wait for the end, or until the owners accept other rules: then the house starts again with those. It also does
    when another Visnyk took the database over; then this one stands by.
    """
    lost = asyncio.Event()
    app.store.on(house.LOST, lost.set)
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, lost, app.rules.are_accepted)]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
    if not lost.is_set() and not _is_readable(settings.newsroom):
        await stop.wait()  # what was accepted counts at the next start


def _is_readable(newsroom: Path) -> bool:
    """False while somebody is in the middle of editing newsroom.toml: a house that runs is not ended for that."""
    try:
        load_newsroom(newsroom)
    except SettingsError as error:
        log.error("cannot_start_again", why=str(error))  # noqa: TRY400 - it says all there is
        return False
    return True


if __name__ == "__main__":
    main()
