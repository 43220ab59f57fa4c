"""The four steps, each of which leaves a file that a later run can begin from."""

import argparse
import json
import os
from pathlib import Path

from . import protocol
from .analysis import analyse
from .download import download
from .errors import InsightsError
from .publish import TARGETS, publish
from .source import allowed_folders, is_url, transcript_file, video_id
from .transcript import Cue, parse

STEPS = ("download", "transcript", "analyse", "publish")
FILES = {"download": "source.json", "transcript": "transcript.json", "analyse": "analysis.json"}
MEDIA_TYPES = {"page": "text/html", "notes": "text/markdown", "data": "application/json"}
SAMPLES = Path(__file__).resolve().parent.parent / "samples"
EXIT_FAILED = 1
EXIT_USAGE = 64


class Pipeline:
    def __init__(self, parameters, folder, environment):
        self.parameters = parameters
        self.folder = Path(folder)
        self.environment = environment

    def run(self):
        """Runs the steps from the one that is to be resumed on; returns the exit code."""
        first = self.environment.get("MILLRACE_RESUME_STEP") or STEPS[0]
        if first not in STEPS:
            raise InsightsError(f"There is no step '{first}' to begin at; the steps are {', '.join(STEPS)}")
        for name in STEPS:
            protocol.step(name, "pending")
        failed = False
        for number, name in enumerate(STEPS):
            if number < STEPS.index(first):
                self.take_over(name)
            elif not failed:
                failed = not self.execute(name)
            else:
                protocol.step(name, "skipped", "an earlier step failed")
            protocol.progress((number + 1) / len(STEPS))
        return EXIT_FAILED if failed else 0

    def execute(self, name):
        protocol.step(name, "running")
        try:
            message = getattr(self, name)()
        except InsightsError as error:
            protocol.step(name, "failed", str(error))
            protocol.warn(str(error))
            return False
        protocol.step(name, "succeeded", message)
        return True

    def take_over(self, name):
        """Brings the file of a step from the run that got so far."""
        earlier = Path(self.environment.get("MILLRACE_RESUME_DIR", "")) / FILES[name]
        if not earlier.is_file():
            raise InsightsError(f"The earlier run left no {FILES[name]}; retry from the start")
        self.keep(name, json.loads(earlier.read_text("utf-8")))
        protocol.step(name, "skipped", "taken from the earlier run")

    def download(self):
        source = self.parameters["source"]
        if is_url(source):
            video = video_id(source)
            protocol.log(f"Fetching the captions of {video}")
            found = download(video, self.parameters.get("language", "en"))
            self.keep("download", {**found, "video": video})
            return f"captions of {video}"
        file = transcript_file(source, allowed_folders(self.environment, SAMPLES))
        protocol.log(f"Reading {file.name}")
        self.keep("download", {"title": title_of(file), "captions": file.read_text("utf-8", "replace")})
        return f"{file.name}, a transcript file"

    def transcript(self):
        cues = parse(self.kept("download")["captions"])
        self.keep("transcript", [cue.as_json() for cue in cues])
        protocol.metric("cues", len(cues))
        return f"{len(cues)} cues"

    def analyse(self):
        cues = [Cue(**cue) for cue in self.kept("transcript")]
        title = self.parameters.get("title") or self.kept("download")["title"]
        limits = {
            "summary": self.parameters.get("summarySentences", 5),
            "insights": self.parameters.get("insights", 6),
            "topics": self.parameters.get("topics", 8),
        }
        analysis = analyse(cues, title, limits)
        self.keep("analyse", analysis)
        protocol.output("analysis", analysis)
        protocol.metric("words", analysis["numbers"]["words"])
        protocol.summary(" ".join(sentence["text"] for sentence in analysis["summary"][:2]))
        return f"{len(analysis['summary'])} sentences, {len(analysis['insights'])} insights, {len(analysis['topics'])} topics"

    def publish(self):
        targets = self.parameters.get("targets", list(TARGETS))
        folder = Path(self.environment.get("VIDEO_INSIGHTS_OUTPUT") or self.folder / "published")
        published = publish(self.kept("analyse"), targets, folder)
        protocol.output("publishing", published)
        failed = [entry for entry in published["targets"] if entry["state"] == "failed"]
        for entry in published["targets"]:
            protocol.log(f"{entry['target']}: {entry.get('location') or entry['message']}")
            if "location" in entry and folder.is_relative_to(self.folder):
                protocol.artifact(folder / entry["location"], Path(entry["location"]).name, MEDIA_TYPES[entry["target"]])
        if failed:
            raise InsightsError(f"{len(failed)} of {len(targets)} targets failed: {failed[0]['message']}")
        return f"{len(targets)} targets"

    def keep(self, name, document):
        file = self.folder / FILES[name]
        file.write_text(json.dumps(document, ensure_ascii=True), "utf-8")
        protocol.artifact(file, FILES[name], "application/json")

    def kept(self, name):
        return json.loads((self.folder / FILES[name]).read_text("utf-8"))


def title_of(file):
    return file.stem.replace("-", " ").replace("_", " ").strip().capitalize()


def main(arguments):
    parser = argparse.ArgumentParser(description="From a transcript to a summary, insights and topics")
    parser.add_argument("--params", default=os.environ.get("MILLRACE_PARAMS_FILE"), help="JSON file of the parameters")
    parser.add_argument("--out", default=os.environ.get("MILLRACE_ARTIFACTS_DIR"), help="folder for what is made")
    options = parser.parse_args(arguments)
    if not options.params or not options.out:
        protocol.warn("Say --params and --out, or let Millrace run it")
        return EXIT_USAGE
    try:
        parameters = json.loads(Path(options.params).read_text("utf-8"))
        return Pipeline(parameters, options.out, os.environ).run()
    except InsightsError as error:
        protocol.warn(str(error))
        return EXIT_FAILED
