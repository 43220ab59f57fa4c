"""Fetches the captions of a video with yt-dlp, where there is one."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from .errors import InsightsError

TIMEOUT_SECONDS = 300
MAX_ERROR_CHARACTERS = 500


def download(video, language):
    """Title and captions of a video."""
    program = shutil.which("yt-dlp")
    if program is None:
        raise InsightsError(
            "yt-dlp is not installed on this worker, so nothing can be fetched from YouTube. "
            "Install it (pipx install yt-dlp), or submit a transcript file instead."
        )
    with tempfile.TemporaryDirectory() as folder:
        address = f"https://www.youtube.com/watch?v={video}"
        arguments = [
            *["--no-playlist", "--skip-download", "--write-subs", "--write-auto-subs", "--write-info-json"],
            *["--sub-format", "vtt", "--sub-langs", f"{language},{language}.*"],
            *["--output", f"{folder}/video.%(ext)s", "--", address],
        ]
        call([program, *arguments], address)
        captions = sorted(Path(folder).glob("*.vtt"), key=lambda file: (len(file.name), file.name))
        if not captions:
            raise InsightsError(f"The video {video} has no captions in '{language}'; choose another language")
        return {"title": title_in(Path(folder), video), "captions": captions[0].read_text("utf-8", "replace")}


def call(command, address):
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=None, stderr=subprocess.PIPE, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InsightsError(f"yt-dlp took longer than {TIMEOUT_SECONDS} s for {address}") from error
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip()[-MAX_ERROR_CHARACTERS:]
        raise InsightsError(f"yt-dlp ended with exit code {done.returncode}: {words}")


def title_in(folder, video):
    for file in folder.glob("*.info.json"):
        title = json.loads(file.read_text("utf-8", "replace")).get("title")
        if isinstance(title, str) and title.strip():
            return title.strip()
    return video
