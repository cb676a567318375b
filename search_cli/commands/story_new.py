"""`pressclip story new`: write a story file, from nothing, from queries or from clippings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import IndexUnusable, QuerySyntaxError, StoreError, UsageError
from index.files import storage_errors, write_atomic
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.codes import LANGUAGES
from index.workspace.story import ANY, FOLDER, is_story_id, parse_window
from search_cli.asking.articles import find_articles
from search_cli.asking.languages import check_language
from search_cli.commandline.lazy import load
from search_cli.output.questions import confirm, prompt
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session
from search_cli.templates import fill, literal, quoted

if TYPE_CHECKING:
    from index.article import Article
    from index.corpus import Corpus
    from index.relevance.drift import RelatedEvent
    from index.relevance.suggest import Proposal, Proposed
    from index.store import Store

_CLOSEST, _OTHERS = 400, 1_500  # articles of the corpus that a proposal is compared with
_ASKED = 12  # words and names by which the closest are found
_SHOWN = 8
_NO_WINDOW = (
    '# window = "2023-01-28..2023-03-31"            days of publication; an end may be open'
)
_NO_OTHER = (
    "# not = '''\"hot air balloon\"'''                 never part of the story, in any language"
)

_CLIPPINGS = 5  # articles of a related event that its own story is proposed from


@click.command()
@click.argument("story_id", metavar="ID")
@click.option("--title", default="", help="Title for lists and reports [default: the id].")
@click.option("--window", metavar="DAY..DAY", default="", help="Days of publication, FROM..TO.")
@click.option(
    "--match",
    "queries",
    nargs=2,
    multiple=True,
    metavar="LANG QUERY",
    help="Query for one language (repeatable).",
)
@click.option("--any", "any_query", metavar="QUERY", help='The same as --match any; "*" keeps all.')
@click.option(
    "--from",
    "clippings",
    multiple=True,
    metavar="FILE|URL|ID",
    help="Propose the story from an article: file, URL or id (repeatable).",
)
@click.option("--lang", default="", metavar="CODE", help="Language of the clippings.")
@click.pass_obj
def new(
    session: Session,
    story_id: str,
    title: str,
    window: str,
    queries: tuple[tuple[str, str], ...],
    any_query: str | None,
    clippings: tuple[str, ...],
    lang: str,
) -> None:
    """Write stories/ID.toml with every key explained, ready to be edited.

    EXAMPLES
      pressclip story new balloon
      pressclip story new balloon --match en '"spy balloon"' --match fr 'ballon'
      pressclip story new balloon --window 2023-01-28..2023-03-31
      pressclip story new balloon --from clipping.txt --from https://example.com/1
      pressclip story new hearing --from 4kq2a --from @3    articles that you have
      pressclip story new everything --any '*'

    Without a query you are asked for an article, the words and the days, on a terminal; else the words
    of the ID stand in for a query. With --from the title, the window and the
    queries are proposed from articles that you have: from their topics and names, and, where there
    is a corpus, from its articles that are like them, in other languages too. A text may begin with
    a line such as: date 2023-02-04. The proposal is shown before it is written.
    """  # fmt: skip
    workspace = Workspace.find(session.directory)
    path = workspace.story_file(story_id)
    if not is_story_id(story_id):
        raise UsageError(
            f"{story_id}: not a valid story id", hint="lower case a-z, digits, - and _, up to 64"
        )
    if path.exists():
        raise UsageError(
            f"{path} exists; nothing was changed", hint=f"pressclip story edit {story_id}"
        )
    given = dict(queries) | ({"any": any_query} if any_query is not None else {})
    if not (given or clippings) and session.ask and sys.stdin.isatty():
        clippings, given, window = _asked(window)
    if window:
        _window_line(window)
    _check_queries(given)
    proposal = _propose(workspace, clippings, lang) if clippings else None
    days = window or str(proposal.window if proposal else "")
    text = story_text(story_id, title, days, given, proposal)
    if proposal is not None:
        Terminal.of(session).show(_describe(proposal, story_id, days))
        if session.ask and not confirm(f"Write {FOLDER}/{path.name}?", option="--no-input"):
            note(session, "Nothing was written.")
            return
    with storage_errors(workspace.stories_dir):
        workspace.stories_dir.mkdir(exist_ok=True)
    write_atomic(path, text)
    note(session, f"Created {FOLDER}/{path.name}")
    note(session, f"next: pressclip story edit {story_id}, then pressclip crawl {story_id}")
    if proposal is not None and any(one.to_complete for one in proposal.queries):
        note(session, f"to complete the other languages: pressclip story translate {story_id}")
    note(session, f"for coverage already past: pressclip backfill {story_id}")


def _asked(window: str) -> tuple[tuple[str, ...], dict[str, str], str]:
    """The few answers that make a story: an article of it, or else its words, and its days."""
    clip = prompt("An article about it: file, URL or id (Enter: none)", option="--from", default="")
    words = ""
    if not clip:
        words = prompt("Words that tell it, as for search (Enter: those of the id)",
                       option="--any", default="")  # fmt: skip
    if not window and not clip:
        asked = "Days of publication, as 2023-01-28..2023-03-31 (Enter: open)"
        window = prompt(asked, option="--window", default="")
    return ((clip,) if clip else ()), ({ANY: words} if words else {}), window


def story_text(
    story_id: str, title: str, days: str, given: Mapping[str, str], proposal: Proposal | None
) -> str:
    """The file: what the user gave, or else what is proposed, or else the words of the id."""
    proposed = proposal.title if proposal else ""
    never = proposal.not_query if proposal else ""
    return fill(
        "story.toml",
        id=story_id,
        id_text=quoted(story_id),
        title=quoted(title or proposed or _words_of(story_id).capitalize()),
        window=_window_line(days),
        origin="".join(f"# {line}\n" for line in _origin_lines(proposal)),
        match="\n".join(_match_lines(given, proposal) or [f"any = {literal(_words_of(story_id))}"]),
        other=f"not = {literal(never)}" if never else _NO_OTHER,
        seeds="".join(f"{line}\n" for line in _seed_lines(proposal)),
    )


def _seed_lines(proposal: Proposal | None) -> Iterator[str]:
    """The clippings as the file keeps them."""
    if proposal is None:
        return
    yield ""
    yield "# What the clippings say. Articles like them are found without a query; edit the words freely."
    for seed in proposal.seeds:
        yield "[[seed]]"
        yield f"lang = {quoted(seed.language)}"
        yield f"title = {quoted(seed.title)}"
        yield f"words = {literal(', '.join(seed.words))}"


def _words_of(story_id: str) -> str:
    return story_id.replace("-", " ").replace("_", " ")


def _window_line(window: str) -> str:
    if not window:
        return _NO_WINDOW
    try:
        parse_window(window)
    except ValueError as error:
        raise UsageError(f'--window: "{window}" {error}') from error
    return f"window = {quoted(window)}"


def _check_queries(queries: Mapping[str, str]) -> None:
    """Refuse a language or a query before anything is written."""
    from index.query import parse

    for language, text in queries.items():
        if language != ANY:
            check_language(language)
        option = "--any" if language == ANY else f"--match {language}"
        try:
            parse(text)
        except QuerySyntaxError as error:
            raise QuerySyntaxError(
                f"{option}: {error}", query=error.query, column=error.column, hint=error.hint
            ) from error


# From clippings


def _propose(workspace: Workspace, clippings: Sequence[str], language: str) -> Proposal:
    from index.relevance.suggest import propose

    if language:
        check_language(language)
    read = _read_clippings(workspace, clippings, language)
    corpus = _open(workspace)
    known = _compared(corpus, read) if corpus else []
    return propose(
        read,
        corpus=known,
        languages=_languages(workspace, known),
        usual=load("crawler.pages.clippings:usual_words"),
    )


def _read_clippings(workspace: Workspace, sources: Sequence[str], language: str) -> list[Article]:
    """The articles of files and addresses, and those that the workspace holds, by id, in their order."""
    held = [one for one in sources if _is_held(workspace, one)]
    outside = [one for one in sources if one not in held]
    read_clippings = load("crawler.pages.clippings:read_clippings")
    found: dict[str, Article] = dict(
        zip(outside, read_clippings(outside, workspace, language=language), strict=True)
    )
    if held:
        from index.store import Store

        with Store.open(workspace.database) as store:
            ids = find_articles(workspace, store, held)
            stored = store.articles.get(ids)
        found |= {name: stored[identity].article for name, identity in zip(held, ids, strict=True)}
    return [found[one] for one in sources]


def _is_held(workspace: Workspace, source: str) -> bool:
    """Whether a source can only be the id of an article, or a row of the last list (@3)."""
    plain = source.removeprefix("@").isalnum() and not Path(source).exists()
    return plain and workspace.database.exists()


def _open(workspace: Workspace) -> Corpus | None:
    from index.corpus import corpus_of

    try:
        return corpus_of(workspace)
    except (StoreError, IndexUnusable):
        return None


def _compared(corpus: Corpus, clippings: Sequence[Article]) -> list[Article]:
    """The articles of a corpus that share the clippings' words, and an even sample of the others."""
    from index.relevance.suggest import closest_query

    with corpus:
        hits = corpus.search_tree(closest_query(clippings, most=_ASKED), limit=_CLOSEST, fold=True)
        close = [hit.id for hit in hits]
        others = corpus.store.articles.kept_ids()
        step = max(1, len(others) // _OTHERS)
        wanted = list(dict.fromkeys([*close, *others[::step]]))
        found = corpus.store.articles.get(wanted)
    return [found[identity].article for identity in wanted if identity in found]


def _languages(workspace: Workspace, corpus: Sequence[Article]) -> list[str]:
    """What the outlets and the corpus speak, most usual first."""
    from collections import Counter

    spoken = Counter(article.language for article in corpus if article.language in LANGUAGES)
    spoken.update(language for outlet in workspace.outlets() for language in outlet.lang)
    return [language for language, _ in spoken.most_common()]


def _match_lines(given: Mapping[str, str], proposal: Proposal | None) -> list[str]:
    """The lines of [match]: what the user gave, what is proposed, what is to be completed."""
    lines = [f"{language} = {literal(text)}" for language, text in given.items()]
    for proposed in proposal.queries if proposal else ():
        if proposed.language in given:
            continue
        line = f"{proposed.language} = {literal(proposed.query)}"
        lines.append(f"# {line}   complete it" if proposed.to_complete else line)
    return lines if any(not line.startswith("#") for line in lines) else []


def _origin_lines(proposal: Proposal | None) -> Iterator[str]:
    """Where the queries come from, for the comments of the file."""
    for proposed in proposal.queries if proposal else ():
        if proposed.origin != "carried":
            yield f"{proposed.language}: {_origin(proposed)}; top words with weights from 0 to 1:"
            yield from (f"    {line}" for line in _weights(proposed))


def _origin(proposed: Proposed) -> str:
    if proposed.origin == "clippings":
        return f"from {counted(proposed.articles, 'clipping')}"
    if proposed.origin == "corpus":
        return f"from {counted(proposed.articles, 'article')} of the corpus"
    return "names carried over; replace … with words in this language"


def _weights(proposed: Proposed) -> Iterator[str]:
    tables = {"words": proposed.words.topics, "names": proposed.words.names}
    for name, table in tables.items():
        if table:
            told = (f"{word} {weight:.2g}" for word, weight in list(table.items())[:_SHOWN])
            yield f"{name}: {', '.join(told)}"


def _describe(proposal: Proposal, story_id: str, window: str) -> Iterator[str]:
    """The proposal as the user is asked about it."""
    from index.relevance.seeds import odd_seeds

    yield f"{story_id}   {proposal.title}".rstrip()
    yield f"  window   {window or 'open: no clipping has a date'}"
    for place in odd_seeds(proposal.seeds):
        yield f"  clipping {place + 1} has hardly a word in common with the others: another story?"
        yield f"           {proposal.seeds[place].title}"
    if proposal.close:
        yield f"  corpus   {proposal.close:,} articles are close to the clippings"
    for proposed in proposal.queries:
        yield f"  {proposed.language:<8} {proposed.query}"
        yield f"           {_origin(proposed)}"
        if proposed.unsure:
            yield "           common words are unknown for this language: check the query"
        if proposed.origin != "carried":
            yield from (f"           {line}" for line in _weights(proposed))
    if proposal.not_query:
        yield f"  not      {proposal.not_query}"


def follow_event(
    session: Session, workspace: Workspace, store: Store, event: RelatedEvent[str], name: str
) -> None:
    """Write a story file that is proposed from an event's newest articles."""
    from index.relevance.suggest import propose

    found = store.articles.get(list(event.ids[:_CLIPPINGS]))
    clippings: list[Article] = [found[one].article for one in event.ids if one in found]
    proposal = propose(clippings, usual=load("crawler.pages.clippings:usual_words"))
    with storage_errors(workspace.stories_dir):
        workspace.stories_dir.mkdir(exist_ok=True)
    text = story_text(name, "", str(proposal.window), {}, proposal)
    write_atomic(workspace.story_file(name), text)
    note(session, f"Created {FOLDER}/{name}.toml from {counted(len(clippings), 'article')}")
    note(session, f"next: pressclip story edit {name}, then pressclip replay --judge")
