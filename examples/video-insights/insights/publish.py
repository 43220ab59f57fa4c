"""Writes the analysis for each target, and says how each went."""

import html
import json
import os
import re
from pathlib import Path

TARGETS = ("page", "notes", "data")


def publish(analysis, targets, folder):
    """The document `publishing`: one entry per target. One that fails stops no other."""
    return {"targets": [publish_one(analysis, target, Path(folder)) for target in targets]}


def publish_one(analysis, target, folder):
    writers = {"page": page, "notes": notes, "data": data}
    try:
        name, text = writers[target](analysis)
        write(folder / target, name, text)
        return {"target": target, "state": "published", "location": f"{target}/{name}"}
    except (OSError, KeyError) as error:
        return {"target": target, "state": "failed", "message": f"{type(error).__name__}: {error}"}


def write(folder, name, text):
    """Whole or not at all: a reader never sees half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.{os.getpid()}"
    unfinished.write_text(text, "utf-8")
    unfinished.replace(folder / name)


def slug(title):
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80] or "video"


def clock(seconds):
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def notes(analysis):
    lines = [f"# {analysis['title']}", "", "## Summary", ""]
    lines += [f"- {sentence['text']} ({clock(sentence['at'])})" for sentence in analysis["summary"]]
    lines += ["", "## Insights", ""]
    lines += [f"- **{i['kind']}** {i['text']} ({clock(i['at'])})" for i in analysis["insights"]]
    lines += ["", "## Topics", "", ", ".join(topic["term"] for topic in analysis["topics"]), ""]
    return f"{slug(analysis['title'])}.md", "\n".join(lines)


def data(analysis):
    return f"{slug(analysis['title'])}.json", json.dumps(analysis, ensure_ascii=False, indent=2) + "\n"


def page(analysis):
    def items(entries):
        return "".join(f"<li>{html.escape(entry['text'])} <small>{clock(entry['at'])}</small></li>" for entry in entries)

    title = html.escape(analysis["title"])
    topics = ", ".join(html.escape(topic["term"]) for topic in analysis["topics"])
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
        f"<h2>Summary</h2><ul>{items(analysis['summary'])}</ul>"
        f"<h2>Insights</h2><ul>{items(analysis['insights'])}</ul><h2>Topics</h2><p>{topics}</p></html>\n"
    )
    return f"{slug(analysis['title'])}.html", text
