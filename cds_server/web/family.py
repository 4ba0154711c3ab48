"""GET /family/<drug>: a page for the family of a child who gets an ALK inhibitor, to read and to print.

Place in the flow: cards about ALK inhibitors link here. Authentication: none; nothing here is about a patient.
May not: hold a script, load anything from another place, or say what `cds_server/family` does not say with a source.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path

from flask import Blueprint, Response
from markdown_it import MarkdownIt
from werkzeug.exceptions import NotFound

from cds_server.security import Access, Authentication, declare

FOLDER = Path(__file__).parents[1] / "family"
STYLE = """
:root { --ink: #16202c; --soft: #4b5a6b; --line: #d5dde6; --ground: #f3f6f9;
  font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.6; font-size: 1.1rem; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 2.5rem; background: #fff;
  border: solid var(--line); border-width: 0 1px; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.2rem; margin: 1.8rem 0 .5rem; padding-top: .8rem; border-top: 1px solid var(--line); }
ul { padding-left: 1.3rem; margin: .4rem 0; }
li { margin: .35rem 0; }
h2:last-of-type, h2:last-of-type ~ ul, footer { color: var(--soft); font-size: .9rem; }
footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: .8rem; }
@media print { body { background: #fff; font-size: 11pt; } main { border: 0; padding: 0; max-width: none; }
  h2 { break-after: avoid; } li { break-inside: avoid; } }
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The content security policy under which a page is sent: this style and nothing else."""

_INTENDED_USE = "For talking with the care team. Not a medical device, and no advice for one child."


def _read_pages() -> Mapping[str, str]:
    """Return every page by the name of its drug, as HTML."""
    parser = MarkdownIt("commonmark", {"html": False})
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
    return {drug: _page(text.partition("\n")[0].lstrip("# "), parser.render(text)) for drug, text in texts.items()}


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}<footer>{_INTENDED_USE}</footer>\n</main>\n</body>\n</html>\n"
    )


PAGES: Mapping[str, str] = _read_pages()


def family_blueprint(authentication: Authentication) -> Blueprint:
    """Return the route of the family pages."""
    blueprint = Blueprint("family", __name__, url_prefix="/family")
    declare(blueprint, Access.ANYBODY, authentication)

    @blueprint.get("/<drug>")
    def family_page(drug: str) -> Response:
        if drug not in PAGES:
            raise NotFound
        response = Response(PAGES[drug], content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return blueprint
