"""`pressclip search`: the articles that match a query."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from search_cli.asking.narrowing import ORDERS, open_desk, query_options
from search_cli.asking.question import question_of, ranked_of, shown_of
from search_cli.asking.request import FIELDS, FORMATS, SearchRequest
from search_cli.output.formats import header_option
from search_cli.output.terminal import write
from search_cli.session import Session
from search_cli.state import remember
from search_cli.view.answer import show_count, show_facets, show_hits, show_nothing


class _Search(click.Command):
    """A command whose `--new` takes a name only after `=`, so that a query may be behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As Click does, with `--new` read as `--new=`."""
        end = args.index("--") if "--" in args else len(args)
        options = ["--new=" if word == "--new" else word for word in args[:end]]
        return super().parse_args(ctx, [*options, *args[end:]])


@click.command(cls=_Search)
@query_options
@click.option(
    "-n", "limit", metavar="N", type=click.IntRange(1), help="Show at most N results [default: 10]."
)
@click.option(
    "--sort",
    type=click.Choice(ORDERS),
    default="relevance",
    help="Sort order [default: relevance].",
)
@click.option("--all", "every", is_flag=True, help="List every reprint in a row of its own.")
@click.option("--all-versions", "ever", is_flag=True, help="Search older versions of articles too.")
@click.option("--like", metavar="ID", help="Find articles that share this one's telling words.")
@click.option("--meaning", is_flag=True, help="Search by meaning too, across languages.")
@click.option(
    "--new", metavar="[=NAME]", help="Show only what this query (or NAME) has not shown before."
)
@click.option("--peek", is_flag=True, help="With --new: do not mark results as shown.")
@click.option("--count", "only_count", is_flag=True, help="Print only the number of matches.")
@click.option(
    "--facet", metavar="F,…", help="Count matches by these fields instead of listing them."
)
@click.option(
    "--explain", "explained", is_flag=True, help="Show how the query was read and what scored."
)
@click.option(
    "-f",
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="Output format [default: table on a terminal, else tsv].",
)
@click.option("--json", "style", flag_value="json", help="Short for -f json.")
@header_option
@click.option("--fields", "names", metavar="A,B,…", help="Fields to print (? lists them).")
@click.pass_obj
def search(session: Session, /, **options: Any) -> int:
    """Find articles: words, phrases, NEAR, dates, outlets, languages, stories.

    EXAMPLES
      pressclip search balloon montana                     both words
      pressclip search '"spy balloon" -festival'           phrase, without a word
      pressclip search 'balloon NEAR/8 pentagon' --since 2023-02-01 --sort newest
      pressclip search 'title:balloon lang:fr,es' -n 50 --json
      pressclip search story:balloon --facet outlet,day    how the articles divide
      pressclip search story:balloon --new=mail -f md      new since last time
      pressclip search balloon --as-of 2023-02-04T12:00    what was published then
      pressclip search '"weather balloon"' --all-versions  older versions too
      pressclip search --like k7q2d lang:en
      pressclip search --meaning 'ship on a reef' lang:zh  in any language
      pressclip search --meaning --like k7q2d lang:zh,ru   in other languages
      pressclip search 'title:airship' -f bib > refs.bib
      pressclip search -- -festival                        begins with a minus

    Reprints of a text are folded into the best of them (+3 reprints). Use a row's id, or @ and its
    number, with `pressclip show`. Facets: outlet, collection, lang, country, day, kind, agency,
    section, author, speaker, story, is, changed. With --new you see each new or edited article
    once; what -n leaves out comes next time. Exit status 1 when nothing matches, or nothing is new.

    With --meaning, the fifty articles whose headline and lead are nearest in meaning are found too,
    across fifteen languages, and both rankings are merged. Write a whole phrase, as in a headline:
    names alone say little. Needs an extra: pip install 'pressclip[semantic]'.

    With --as-of you search what was published at that moment, with the texts of that time as far as
    they were seen; stories and reprints are those known today. With --all-versions each article is
    listed once, by its newest version that matches.
    """
    request = SearchRequest.of(**options)
    if not request.fields:
        write(f"{name}\n" for name in FIELDS)
        return 0
    request.check()
    workspace, corpus = open_desk(session, request.narrowing)
    with corpus:
        question = question_of(request, workspace, corpus)
        matches = corpus.match(question.tree)
        if request.only_count:
            show_count(session, matches)
            return 0 if matches.total else 1
        if not matches.total:
            show_nothing(session, corpus, question, request)
            return 1
        if request.facet is not None:
            show_facets(session, corpus, question, matches, request)
            return 0
        from index.corpus import Hits

        ranked = ranked_of(question, request, corpus, matches)
        hits = Hits(corpus, question.asked, matches, ranked)
        remember(workspace, [hit.id for hit in hits])
        show_hits(session, corpus, question, hits, request)
        if question.told and not request.peek:
            told = shown_of(question, corpus, hits, every=request.every)
            question.told.write(told, datetime.now(UTC))
    return 0
