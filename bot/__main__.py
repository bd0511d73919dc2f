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
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import structlog
import typer
from rich.console import Console
from rich.progress import Progress

from bot import __version__, logs
from bot import app as house
from bot.domain.sheet import lines_of
from bot.errors import CannotStart, StartAgain
from config.faults import SettingsError
from config.newsroom import load_newsroom
from config.settings import Settings, load_settings

T = TypeVar("T")
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
record = typer.Typer(no_args_is_help=True, help="The public record of what was published: docs/record.md.")
cli.add_typer(record, name="record")


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


Verbose = Annotated[bool, typer.Option("--verbose", help="Log every detail.")]


@cli.command()
def run(verbose: Verbose = False) -> None:
    """Run everything in one process, until Ctrl+C or SIGTERM."""
    settings = _settings(verbose=verbose)
    _take_files()
    _do(_serve(settings))


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
    if not _do(play(article) if once else show(article, port)):
        raise typer.Exit(1)


@cli.command()
def setup(
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="JSON with token, name, languages, time_zone, second: for machines."),
    ] = None,
) -> None:
    """Get from a bot's token to a newsroom that can start: asks, finds owner and channels, writes .env."""
    from bot.app.setup import SetUp  # needed only here
    from bot.app.talks import AnswersFile, Terminal

    logs.set_up_logs("ERROR", False, ())
    try:
        talk = AnswersFile.read(answers) if answers is not None else Terminal()
    except CannotStart as error:
        _fail(str(error))
    _do(SetUp(Path.cwd(), talk, os.environ).run())
    typer.echo("Written. `visnyk run` starts; docs/deploy.md has the service that keeps it up. The doctor's look:")
    _look(_settings())


@cli.command()
def doctor() -> None:
    """Check tokens, rights in each channel, webhook, clock, disk and database; say what to do."""
    _look(_settings())


def _look(settings: Settings) -> None:
    from bot.doctor import examine  # needed only here

    console = Console()
    findings = _do(examine(settings))
    for finding in findings:
        console.print(("[green]✓[/]" if finding.ok else "[red]✗[/]"), finding.what, highlight=False)
        if not finding.ok and finding.advice:
            console.print("  →", finding.advice, highlight=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@cli.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False) -> None:
    """Tell how it is: 0 all is well, 1 somebody should look, 2 it does not do its work."""
    settings = _settings()
    from bot.app import status as look  # needed only here

    found = _do(look.status(settings, house.utc_now()))
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
        _fail(f"There is no section “{only}”. There are: {', '.join((SPEED, *SECTIONS))}.")
    logs.set_up_logs("ERROR", False, ())
    _do(bench(only, quick=quick))


@cli.command()
def fetch(
    url: Annotated[str, typer.Argument(help="The page's address.")],
    html: Annotated[Path | None, typer.Option("--html", help="Saved bytes of the page instead of the network.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what would be taken of a page, without starting anything."""
    settings = _settings()
    from bot.app.looking import look  # loads what reads pages, which nothing else needs

    taken = _do(look(url, html, settings))
    typer.echo(json.dumps(taken, ensure_ascii=False, indent=2) if as_json else "\n".join(lines_of(taken)))


@cli.command()
def feeds(
    url: Annotated[str, typer.Argument(help="The feed's address: RSS, Atom, JSON Feed or a WordPress's posts.")],
    file: Annotated[Path | None, typer.Option("--file", help="Saved bytes of it instead of the network.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what would be taken of each item of a feed, without starting anything."""
    settings = _settings()
    from bot.app.looking import look_at_feed  # loads what reads feeds, which nothing else needs

    taken = _do(look_at_feed(url, file, settings))
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
            _fail("One text at a time; several are for --learn.")
        taken = drafting.draft(paths[0], newsroom)
    except (CannotStart, SettingsError) as error:
        _fail(str(error))
    typer.echo(json.dumps(taken, ensure_ascii=False, indent=2) if as_json else "\n".join(lines_of(taken)))


@cli.command()
def migrate() -> None:
    """Bring the database to this version's form. Safe to repeat."""
    why = _do(house.migrate(_settings()))
    typer.echo(f"{why} The one that leads next brings it up to date." if why else "The database is up to date.")


@cli.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The new file. Default: beside the database.")] = None,
) -> None:
    """Copy the database, also while Visnyk runs. `restore` takes such a copy."""
    settings = _settings()
    typer.echo(f"Backup written and checked: {_do(house.backup(settings, target))}")


@cli.command()
def restore(copy: Annotated[Path, typer.Argument(help="The backup.")]) -> None:
    """Put a backup in the database's place, while Visnyk is stopped. What was there is kept beside it."""
    settings = _settings()
    restored = _do(house.restore(settings, copy))
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
    settings = _settings()
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("Moving", total=None)
        moved = _do(
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
    verdict = _do(house.audit(_settings(), head or [], file))
    if verdict.fault is not None:
        _fail(str(verdict.fault))
    if verdict.unproven:
        _fail(
            "The audit log is whole, but these rows of the database are not as it says; they count for nothing, and "
            f"somebody worked on the database: {', '.join(verdict.unproven)}"
        )
    typer.echo(f"The audit log is whole: entries {verdict.head.id}, head {verdict.head}")


Place = Annotated[str, typer.Argument(help="The newsroom's site, or a folder with its record.")]


@record.command("new-key")
def new_key(
    name: Annotated[str, typer.Argument(help="The record's name, like news.example/record.")],
    file: Annotated[Path, typer.Option("--file", help="Where the secret key is put; nobody else may read it.")],
) -> None:
    """Make the key that signs the record, and tell its public half."""
    from bot.app import public_record  # needed only here

    try:
        key = public_record.make_key(name, file)
    except CannotStart as error:
        _fail(str(error))
    typer.echo(f"The secret key is in {file}: set RECORD_KEY_FILE={file}, and keep a copy off this machine.")
    typer.echo(
        f"The public key, for readers:\n{key}\nIts fingerprint, to be pinned in your channels: {key.fingerprint}"
    )


@record.command("key")
def show_key() -> None:
    """Tell the public key and its fingerprint."""
    from bot.app import public_record  # needed only here

    try:
        key = public_record.public_key(_settings())
    except CannotStart as error:
        _fail(str(error))
    typer.echo(f"{key}\n{key.fingerprint}")


@record.command("head")
def record_head() -> None:
    """Tell the signed checkpoint of now."""
    from bot.app import public_record  # needed only here

    typer.echo(_do(public_record.head(_settings())), nl=False)


@record.command("export")
def export(folder: Annotated[Path, typer.Argument(help="The folder of your site below .well-known/visnyk.")]) -> None:
    """Write what is new of the record as static files, the checkpoint last. Also while Visnyk runs."""
    from bot.app import public_record  # needed only here

    settings = _settings()
    _tell_witnesses(_do(public_record.cosigned(settings)))
    files, size = _do(public_record.export(settings, folder))
    typer.echo(f"Written: {files} files; the record has {size} entries.")


@record.command("cosign")
def cosign() -> None:
    """Let the witnesses of newsroom.toml cosign the record, as `export` does too. Exit 1 if one did not."""
    from bot.app import public_record  # needed only here

    if not _tell_witnesses(_do(public_record.cosigned(_settings()))):
        raise typer.Exit(1)


def _tell_witnesses(said: Mapping[str, str]) -> bool:
    """Tell what each witness did; return whether all have cosigned."""
    for name, fault in said.items():
        typer.echo(f"{name}: {fault or 'cosigned'}", err=bool(fault))
    return not any(said.values())


@record.command("proof")
def proof(
    article: Annotated[int, typer.Argument(help="The article's number.")],
    version: Annotated[int, typer.Option("--version", help="Its version.")] = 1,
) -> None:
    """Print a proof of one version that needs nothing but the public key."""
    from bot.app import public_record  # needed only here

    typer.echo(_do(public_record.proof(_settings(), article, version)), nl=False)


@record.command("verify")
def verify_record(place: Annotated[str, typer.Argument(help="A site or a folder; empty: the database.")] = "") -> None:
    """Check the whole record: every tile, entry and text, and that the audit log says the same."""
    from bot.app import public_record  # needed only here
    from bot.record.checking import Broken

    try:
        checkpoint = _do(public_record.verify_all(_settings(), place))
    except Broken as error:
        _fail(f"The record is not whole: {error}")
    typer.echo(f"The record is whole: {checkpoint.size} entries of “{checkpoint.origin}”.")


@record.command("recover")
def recover(place: Place) -> None:
    """After a restored backup: bring back what was published since, while Visnyk is stopped."""
    from bot.app import public_record  # needed only here
    from bot.record.checking import Broken

    try:
        back, waited = _do(public_record.recover(_settings(), place))
    except Broken as error:
        _fail(f"That record can't be believed: {error}. Nothing was changed.")
    typer.echo(f"Brought back: {back} entries; put after them: {waited} that had waited.")


@record.command("new-root")
def new_root(
    name: Annotated[str, typer.Argument(help="Its name, like news.example/root.")],
    file: Annotated[Path, typer.Option("--file", help="Where the secret key is put: then take it off the machine.")],
) -> None:
    """Make the root key, which vouches for the keys of the record and is kept offline. On any machine."""
    from bot.app import public_record  # needed only here

    try:
        key = public_record.make_key(name, file)
    except CannotStart as error:
        _fail(str(error))
    typer.echo(f"The secret root key is in {file}: keep it on paper or a stick, and on no machine that is online.")
    typer.echo(f"The public one, to be pinned in your channels:\n{key}\nIts fingerprint: {key.fingerprint}")


@record.command("rotate")
def rotate(
    new: Annotated[Path, typer.Argument(help="The file of the new key, made with `record new-key`, of the same name.")],
    root: Annotated[Path, typer.Option("--root", help="The file of the root key.")],
    old: Annotated[str, typer.Option("--old", help="If the old key is lost: its public half.")] = "",
    until: Annotated[
        int | None, typer.Option("--until", help="If it was stolen: the entries up to which it is believed.")
    ] = None,
) -> None:
    """Put another key in the place of the record's, vouched for by the root key, while Visnyk is stopped."""
    from bot.app import public_record  # needed only here

    keys = _do(public_record.rotate(_settings(), new, root, old, until))
    typer.echo(f"From {keys.spans[-1].first} entries on the record's key is:\n{keys.last}")
    typer.echo(f"Set RECORD_KEY_FILE={new}, start, export, and pin the fingerprint: {keys.last.fingerprint}")


@record.command("withdraw")
def withdraw(article: Annotated[int, typer.Argument(help="The article's number.")]) -> None:
    """Delete an article's text from the record, as a law demands; its entries stay and tell nothing then."""
    from bot.app import public_record  # needed only here

    if not _do(public_record.withdraw(_settings(), article)):
        _fail(f"#{article} is not in the record.")
    typer.echo(f"The text of #{article} is gone from the record. Export it, so that it goes from your site too.")


@cli.command("verify")
def verify_text(
    file: Annotated[Path, typer.Argument(help="A text, or a .tlog-proof.")],
    key: Annotated[str, typer.Option("--key", help="The newsroom's public key.")] = "",
    site: Annotated[str, typer.Option("--site", help="The newsroom's site, or a folder with its record.")] = "",
    beside: Annotated[Path | None, typer.Option("--text", help="With a proof: the text that you have.")] = None,
    root: Annotated[str, typer.Option("--root", help="Instead of a key: the newsroom's root key.")] = "",
    policy: Annotated[
        Path | None, typer.Option("--policy", help="Instead of a key: whom to believe, and how many witnesses.")
    ] = None,
) -> None:
    """Is this text the newsroom's? 0 yes, word for word; 1 it was altered or taken back; 2 can't tell; 3 in part."""
    from bot.app import public_record, saying  # needed only here
    from bot.record.checking import Broken

    try:
        texts = [each.read_text("utf-8", errors="replace") if each is not None else "" for each in (file, beside)]
        trusted = house.run(public_record.trusted(key, policy, root, site, texts[0]))
        answer = house.run(public_record.verify(texts[0], site, trusted, texts[1]))
    except Broken as error:
        typer.echo(f"This proves nothing: {error}.", err=True)
        raise typer.Exit(1) from None
    except (CannotStart, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo("\n".join(saying.lines_of(answer)))
    raise typer.Exit(int(answer.colour))


@cli.command("witness")
def witness(
    key: Annotated[Path, typer.Option("--key", help="The file of your own key, made with `record new-key`.")],
    witnessed: Annotated[list[str], typer.Option("--log", help="The public key of a record that you witness.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where it remembers what it has cosigned.")],
    port: Annotated[int, typer.Option("--port", help="Where it answers.")] = 8090,
) -> None:
    """Witness other newsrooms' records: cosign what continues the last checkpoint, and never a fork. Until Ctrl+C."""
    from bot.app import witnesses  # needed only here

    logs.set_up_logs("INFO", not sys.stderr.isatty(), ())
    try:
        made = witnesses.witness_of(witnessed, key, folder)
    except CannotStart as error:
        _fail(str(error))
    typer.echo(f"Your key as a witness, for those whose records you cosign:\n{made.public}")
    _do(_until_stopped(lambda stop: witnesses.serve(made, port, stop)))


async def _until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work(stop)


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


def _settings(*, verbose: bool = False) -> Settings:
    try:
        settings = load_settings()
    except SettingsError as error:
        _fail(str(error))
    logs.set_up_logs("DEBUG" if verbose else "INFO", not sys.stderr.isatty(), settings.secrets)
    return settings


def _do(work: Coroutine[Any, Any, T]) -> T:
    try:
        return house.run(work)
    except (CannotStart, SettingsError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
