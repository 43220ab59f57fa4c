"""Reads WebVTT and SubRip into cues."""

import html
import re
from dataclasses import asdict, dataclass

from .errors import InsightsError

TIMES = re.compile(
    r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
TAGS = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")


@dataclass(frozen=True)
class Cue:
    """Words that are said from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str
    speaker: str | None = None

    def as_json(self):
        return {key: value for key, value in asdict(self).items() if value is not None}


def parse(text):
    """The cues in order of time; captions that roll are said once.

    WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip differ in little that matters here: a
    block with a line of times, then lines of words.
    """
    cues = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines) if TIMES.search(line)), None)
        if at is None:
            continue
        start, end = seconds(TIMES.search(lines[at]))
        cues.extend(cue_of(start, end, lines[at + 1 :]))
    if not cues:
        raise InsightsError("The transcript has no cues: is it a WebVTT or SubRip file?")
    return without_repeats(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def seconds(match):
    numbers = [int(group or 0) for group in match.groups()]
    fractions = [match.group(4), match.group(8)]
    return tuple(
        numbers[at] * 3600 + numbers[at + 1] * 60 + numbers[at + 2] + int(fraction) / 10 ** len(fraction)
        for at, fraction in zip((0, 4), fractions)
    )


def cue_of(start, end, lines):
    raw = "\n".join(lines)
    speaker = SPEAKER.search(raw)
    words = " ".join(html.unescape(TAGS.sub("", raw)).split())
    if words and end >= start:
        yield Cue(start, end, words, speaker.group(1).strip() if speaker else None)


def without_repeats(cues):
    """Automatic captions show the last line again above the new one."""
    kept = []
    for cue in cues:
        before = kept[-1] if kept else None
        text = cue.text
        if before and text.startswith(before.text):
            text = text[len(before.text) :].strip()
        if text and not (before and before.text.endswith(text)):
            kept.append(Cue(cue.start, cue.end, text, cue.speaker))
    return kept
