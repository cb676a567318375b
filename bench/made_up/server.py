"""Made-up newsrooms as a process: the demo's server with outlets that grow from a seed.

    python -m bench.made_up.server 300x20 [--seed N]

Serves 300 outlets of 20 articles each; the other options are those of `crawler.demo.server`.
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError

from bench.made_up.newsrooms import Plan, generate
from crawler.demo.server import serve_until_stopped, server_options
from crawler.demo.serving import SiteProcess

SIZE = re.compile(r"([1-9]\d*)[xX](\d+)")


def serve_newsrooms(plan: Plan, *arguments: str) -> SiteProcess:
    """A process that serves as many outlets and articles as a plan has, from its seed.

    What else the plan says is not handed on; `arguments` are those of `crawler.demo.server`.
    """
    size = f"{plan.outlets}x{plan.articles}"
    return SiteProcess(size, "--seed", f"{plan.seed}", *arguments, module=__name__)


def _size(text: str) -> tuple[int, int]:
    found = SIZE.fullmatch(text)
    if not found:
        raise ArgumentTypeError("write it as OUTLETSxARTICLES, for example 300x20")
    return int(found[1]), int(found[2])


def main() -> None:
    """Serve the newsrooms that the command line asks for."""
    parser = server_options("Serve made-up newsrooms on free ports of 127.0.0.1.")
    parser.add_argument("size", type=_size, metavar="OUTLETSxARTICLES")
    parser.add_argument("--seed", type=int, default=0, help="What the outlets grow from.")
    options = parser.parse_args()
    outlets, articles = options.size
    plan = Plan(outlets=outlets, articles=articles, seed=options.seed)
    serve_until_stopped(generate(plan).site, options)


if __name__ == "__main__":
    main()
