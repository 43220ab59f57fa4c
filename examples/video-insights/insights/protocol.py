"""What a run says about itself: one line of JSON per message, see the runner protocol."""

import json
import sys

PREFIX = "::millrace::"


def say(message):
    """Writes one message; nothing of it can break the line."""
    print(PREFIX + json.dumps(message, ensure_ascii=True), flush=True)


def step(name, status, message=None):
    """A step is `running`, then `succeeded`, `failed` or `skipped`."""
    say(without_none({"type": "step", "name": name, "status": status, "message": message}))


def progress(share, message=None):
    """How far the run is, from 0 to 1."""
    say(without_none({"type": "progress", "progress": round(share, 3), "message": message}))


def output(name, document):
    """A JSON document that the run made."""
    say({"type": "output", "name": name, "json": document})


def artifact(path, name, media_type):
    """A file in the folder of artifacts."""
    say({"type": "artifact", "path": str(path), "name": name, "mediaType": media_type})


def metric(name, value):
    """A number; the newest value counts."""
    say({"type": "metric", "name": name, "value": value})


def summary(text):
    """The run in a sentence or two."""
    say({"type": "summary", "text": text})


def log(text):
    """A line of the log."""
    print(text, flush=True)


def warn(text):
    """A line of the log on stderr."""
    print(text, file=sys.stderr, flush=True)


def without_none(message):
    return {key: value for key, value in message.items() if value is not None}
