"""`pressclip serve`: the desk in a browser."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec

import click

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.output.terminal import note
from search_cli.session import Session

NEEDED = ("starlette", "uvicorn")


@click.command()
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8765,
    help="Port [default: 8765; 0 picks a free one].",
)
@click.option(
    "--host",
    metavar="IP",
    default="127.0.0.1",
    help="Address to listen on [default: 127.0.0.1, this machine only].",
)
@click.option(
    "--name", "names", metavar="HOST", multiple=True, help="Also answer to this host name."
)
@click.option(
    "--review", "reviewed", is_flag=True, help="Allow decisions in the browser, as in `review`."
)
@click.option("--open", "show", is_flag=True, help="Open it in your browser.")
@click.pass_obj
def serve(
    session: Session, port: int, host: str, names: tuple[str, ...], reviewed: bool, show: bool
) -> None:
    """Show the desk in a browser: search, read, compare versions, see who carried what.

    EXAMPLES
      pressclip serve
      pressclip serve --open
      pressclip serve --review                    decide on borderline articles
      pressclip serve --host 192.168.1.5 --name desk.local

    The pages only read, and only this machine reaches them. They ask the same questions as the
    terminal, in the same query language; each page names its command. With --review the address
    that is printed holds a token, without which nobody decides. With another --host everybody on
    that network can read the desk: there is no password. Ctrl-C ends it.
    """
    for module in NEEDED:
        if find_spec(module) is None:
            raise UsageError(
                f"serve needs {' and '.join(NEEDED)}", hint="pip install 'pressclip[serve]'"
            )
    import uvicorn

    from search_cli.serve.app import make_app
    from search_cli.serve.desk import ServedDesk
    from search_cli.serve.review_pages import BrowserReview
    from search_cli.serve.server import Address, listen, new_token, read_host

    workspace = Workspace.find(session.directory)
    address = Address(host=read_host(host), port=port, names=names)
    if reviewed and not address.is_loopback:
        raise UsageError("--review works only on this machine", hint="leave out --host")
    desk = ServedDesk(workspace.root, session.zone)
    desk.corpus.close()  # what cannot be opened is said now, not on a page
    desk.close()
    review = BrowserReview(desk, new_token()) if reviewed else None
    app = make_app(desk, address.allowed, review)
    with listen(address) as listener:
        url = address.url(listener.getsockname()[1])
        url += f"enter?token={review.token}" if review else ""
        note(session, f"{workspace.root.name} is at {url}")
        if not address.is_loopback:
            note(session, "Anyone who can reach that address can read it.")
        note(session, f"{'Decisions are stored' if review else 'Read-only'}; Ctrl-C ends it.")
        if show:
            click.launch(url)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, proxy_headers=False,
            ws="none", lifespan="on", timeout_graceful_shutdown=2, log_level="critical",
        )  # fmt: skip
        with suppress(KeyboardInterrupt):  # the way to end it, not a failure
            uvicorn.Server(config).run(sockets=[listener])
