"""The commands about the public record: its keys, its files, witnesses, and what anybody checks with it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs
from bot.app import public_record, saying, witnesses
from bot.app.loop import run
from bot.app.terminal import do, fail, settings_of_here
from bot.errors import CannotStart
from bot.record.checking import Broken

record = typer.Typer(no_args_is_help=True, help="The public record of what was published: docs/record.md.")
Place = Annotated[str, typer.Argument(help="The newsroom's site, or a folder with its record.")]


@record.command("new-key")
def new_key(
    name: Annotated[str, typer.Argument(help="The record's name, like news.example/record.")],
    file: Annotated[Path, typer.Option("--file", help="Where the secret key is put; nobody else may read it.")],
) -> None:
    """Make the key that signs the record, and tell its public half."""
    try:
        key = public_record.make_key(name, file)
    except CannotStart as error:
        fail(str(error))
    typer.echo(f"The secret key is in {file}: set RECORD_KEY_FILE={file}, and keep a copy off this machine.")
    typer.echo(
        f"The public key, for readers:\n{key}\nIts fingerprint, to be pinned in your channels: {key.fingerprint}"
    )


@record.command("key")
def show_key() -> None:
    """Tell the public key and its fingerprint."""
    try:
        key = public_record.public_key(settings_of_here())
    except CannotStart as error:
        fail(str(error))
    typer.echo(f"{key}\n{key.fingerprint}")


@record.command("head")
def record_head() -> None:
    """Tell the signed checkpoint of now."""
    typer.echo(do(public_record.head(settings_of_here())), nl=False)


@record.command("export")
def export(folder: Annotated[Path, typer.Argument(help="The folder of your site below .well-known/visnyk.")]) -> None:
    """Write what is new of the record as static files, the checkpoint last. Also while Visnyk runs."""
    settings = settings_of_here()
    _tell_witnesses(do(public_record.cosigned(settings)))
    files, size = do(public_record.export(settings, folder))
    typer.echo(f"Written: {files} files; the record has {size} entries.")


@record.command("cosign")
def cosign() -> None:
    """Let the witnesses of newsroom.toml cosign the record, as `export` does too. Exit 1 if one did not."""
    if not _tell_witnesses(do(public_record.cosigned(settings_of_here()))):
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
    typer.echo(do(public_record.proof(settings_of_here(), article, version)), nl=False)


@record.command("verify")
def verify_record(place: Annotated[str, typer.Argument(help="A site or a folder; empty: the database.")] = "") -> None:
    """Check the whole record: every tile, entry and text, and that the audit log says the same."""
    try:
        checkpoint = do(public_record.verify_all(settings_of_here(), place))
    except Broken as error:
        fail(f"The record is not whole: {error}")
    typer.echo(f"The record is whole: {checkpoint.size} entries of “{checkpoint.origin}”.")


@record.command("recover")
def recover(place: Place) -> None:
    """After a restored backup: bring back what was published since, while Visnyk is stopped."""
    try:
        back, waited = do(public_record.recover(settings_of_here(), place))
    except Broken as error:
        fail(f"That record can't be believed: {error}. Nothing was changed.")
    typer.echo(f"Brought back: {back} entries; put after them: {waited} that had waited.")


@record.command("new-root")
def new_root(
    name: Annotated[str, typer.Argument(help="Its name, like news.example/root.")],
    file: Annotated[Path, typer.Option("--file", help="Where the secret key is put: then take it off the machine.")],
) -> None:
    """Make the root key, which vouches for the keys of the record and is kept offline. On any machine."""
    try:
        key = public_record.make_key(name, file)
    except CannotStart as error:
        fail(str(error))
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
    keys = do(public_record.rotate(settings_of_here(), new, root, old, until))
    typer.echo(f"From {keys.spans[-1].first} entries on the record's key is:\n{keys.last}")
    typer.echo(f"Set RECORD_KEY_FILE={new}, start, export, and pin the fingerprint: {keys.last.fingerprint}")


@record.command("withdraw")
def withdraw(article: Annotated[int, typer.Argument(help="The article's number.")]) -> None:
    """Delete an article's text from the record, as a law demands; its entries stay and tell nothing then."""
    if not do(public_record.withdraw(settings_of_here(), article)):
        fail(f"#{article} is not in the record.")
    typer.echo(f"The text of #{article} is gone from the record. Export it, so that it goes from your site too.")


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
    try:
        texts = [each.read_text("utf-8", errors="replace") if each is not None else "" for each in (file, beside)]
        trusted = run(public_record.trusted(key, policy, root, site, texts[0]))
        answer = run(public_record.verify(texts[0], site, trusted, texts[1]))
    except Broken as error:
        typer.echo(f"This proves nothing: {error}.", err=True)
        raise typer.Exit(1) from None
    except (CannotStart, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo("\n".join(saying.lines_of(answer)))
    raise typer.Exit(int(answer.colour))


def witness(
    key: Annotated[Path, typer.Option("--key", help="The file of your own key, made with `record new-key`.")],
    witnessed: Annotated[list[str], typer.Option("--log", help="The public key of a record that you witness.")],
    folder: Annotated[Path, typer.Option("--folder", help="Where it remembers what it has cosigned.")],
    port: Annotated[int, typer.Option("--port", help="Where it answers.")] = 8090,
) -> None:
    """Witness other newsrooms' records: cosign what continues the last checkpoint, and never a fork. Until Ctrl+C."""
    logs.set_up_logs("INFO", not sys.stderr.isatty(), ())
    try:
        made = witnesses.witness_of(witnessed, key, folder)
    except CannotStart as error:
        fail(str(error))
    typer.echo(f"Your key as a witness, for those whose records you cosign:\n{made.public}")
    do(_until_stopped(lambda stop: witnesses.serve(made, port, stop)))


async def _until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await work(stop)
