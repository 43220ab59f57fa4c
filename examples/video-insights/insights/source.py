"""Which video or file is meant, and nothing else."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .errors import InsightsError

HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"}
SHORT_HOSTS = {"youtu.be", "www.youtu.be"}
VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIDEO_PATH = re.compile(r"/(?:shorts|live|embed|v)/([^/?#]+)/?")
TRANSCRIPT_SUFFIXES = (".vtt", ".srt")
MAX_TRANSCRIPT_BYTES = 20 * 1024 * 1024


def is_url(source):
    return "://" in source


def video_id(url):
    """The id of a video from any of the forms in which people copy its address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or host not in HOSTS | SHORT_HOSTS:
        raise InsightsError(
            f"'{url}' is no address of a YouTube video; "
            "copy one such as https://www.youtube.com/watch?v=… or https://youtu.be/…"
        )
    query = parse_qs(parts.query)
    found = id_in(host, parts.path, query)
    if found is None and ("list" in query or parts.path == "/playlist"):
        raise InsightsError(
            f"'{url}' is a playlist. Submit one run for each of its videos: "
            "open a video and copy its own address."
        )
    if found is None or not VIDEO_ID.fullmatch(found):
        raise InsightsError(
            f"'{url}' names no video: the id of one has 11 letters, digits, - or _"
        )
    return found


def id_in(host, path, query):
    if host in SHORT_HOSTS:
        return path.strip("/") or None
    if path == "/watch":
        return query.get("v", [None])[0]
    match = VIDEO_PATH.fullmatch(path)
    return match.group(1) if match else None


def transcript_file(source, folders):
    """The file that is meant, if it is a transcript inside one of the folders."""
    if "\0" in source:
        raise InsightsError("The name of the transcript has a NUL")
    path = Path(source)
    if path.suffix.lower() not in TRANSCRIPT_SUFFIXES:
        raise InsightsError(f"'{source}' is no transcript: give a .vtt or .srt file, or a YouTube URL")
    allowed = [Path(folder).resolve() for folder in folders]
    for candidate in [path] if path.is_absolute() else [folder / path for folder in allowed]:
        real = candidate.resolve()
        if any(real.is_relative_to(folder) for folder in allowed) and real.is_file():
            if real.stat().st_size > MAX_TRANSCRIPT_BYTES:
                raise InsightsError(f"'{source}' has more than {MAX_TRANSCRIPT_BYTES} bytes")
            return real
    raise InsightsError(
        f"There is no file '{source}' in {' or '.join(str(folder) for folder in folders)}; "
        "VIDEO_INSIGHTS_FOLDERS names the folders that may be read"
    )


def allowed_folders(environment, samples):
    named = environment.get("VIDEO_INSIGHTS_FOLDERS", "")
    return [samples, *[folder for folder in named.split(os.pathsep) if folder]]
