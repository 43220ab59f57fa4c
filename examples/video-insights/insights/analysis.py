"""A summary, insights and topics by the weight of terms.

Sentences are scored by the mean weight of their terms (term frequency times inverse segment
frequency), and chosen so that each says something that the ones before did not (maximal
marginal relevance, Carbonell and Goldstein 1998).
"""

import math
import re
from collections import Counter
from dataclasses import dataclass

from .stopwords import STOPWORDS

SEGMENT_SECONDS = 60
MIN_SENTENCE_WORDS = 6
MAX_SENTENCE_WORDS = 60
REDUNDANCY = 0.45
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*%?")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+")

KINDS = [
    ("decision", re.compile(r"\b(we (have )?(decided|agreed|chose)|the decision|was decided)\b", re.I)),
    ("recommendation", re.compile(r"\b(should|must|need to|have to|never|always|make sure)\b", re.I)),
    ("finding", re.compile(r"\b(found|learned|turns? out|showed|means that|because|the reason)\b", re.I)),
    ("number", re.compile(r"\d|\b(percent|half|twice|hundred|thousand|million)\b", re.I)),
    ("question", re.compile(r"\?$")),
]


@dataclass(frozen=True)
class Sentence:
    """What is said in one breath, and when it begins, in seconds."""

    at: float
    text: str
    terms: tuple
    position: int


def analyse(cues, title, limits):
    """The document `analysis`: title, summary, insights, topics and a few numbers."""
    said = sentences(cues)
    weights = term_weights(said)
    scored = {sentence: score(sentence, weights) for sentence in said}
    chosen = choose(scored, limits["summary"])
    insights = choose_insights(scored, limits["insights"], chosen)
    return {
        "title": title,
        "summary": [as_json(sentence) for sentence in sorted(chosen, key=lambda s: s.at)],
        "insights": [{**as_json(s), "kind": kind} for s, kind in sorted(insights, key=lambda p: p[0].at)],
        "topics": topics(said, weights, limits["topics"]),
        "numbers": {
            "durationSeconds": round(cues[-1].end, 1),
            "words": sum(len(WORD.findall(cue.text)) for cue in cues),
            "sentences": len(said),
            "speakers": len({cue.speaker for cue in cues if cue.speaker}),
        },
    }


def as_json(sentence):
    return {"at": round(sentence.at, 1), "text": sentence.text}


def sentences(cues):
    """Sentences across cues; captions without full stops are cut where a cue is long enough."""
    found, words, began = [], "", None

    def close():
        nonlocal words, began
        text = words.strip()
        if text:
            found.append(Sentence(began, text, tuple(terms(text)), len(found)))
        words, began = "", None

    for cue in cues:
        for part in SENTENCE_END.split(cue.text):
            began = cue.start if began is None else began
            words = f"{words} {part}".strip()
            if re.search(r"[.!?…][\"'”’)]*$", part) or len(words.split()) >= MAX_SENTENCE_WORDS:
                close()
    close()
    return found


def terms(text):
    words = [word.lower().replace("’", "'") for word in WORD.findall(text)]
    return [word for word in words if len(word) > 2 and not word[0].isdigit() and word not in STOPWORDS]


def term_weights(said):
    """Weight of each term: how often it is said, times how few minutes it is said in."""
    counts, segments = Counter(), {}
    for sentence in said:
        counts.update(sentence.terms)
        for term in sentence.terms:
            segments.setdefault(term, set()).add(int(sentence.at // SEGMENT_SECONDS))
    total = 1 + max((int(sentence.at // SEGMENT_SECONDS) for sentence in said), default=0)
    return {
        term: (1 + math.log(count)) * (math.log((1 + total) / (1 + len(segments[term]))) + 1)
        for term, count in counts.items()
    }


def score(sentence, weights):
    length = len(sentence.text.split())
    if length < MIN_SENTENCE_WORDS or not sentence.terms:
        return 0.0
    mean = sum(weights[term] for term in set(sentence.terms)) / len(set(sentence.terms))
    return mean * min(1.0, len(set(sentence.terms)) / 5) * (1.1 if sentence.position < 3 else 1.0)


def choose(scored, count):
    """The best sentences that do not repeat each other."""
    left = sorted((s for s, value in scored.items() if value > 0), key=lambda s: (-scored[s], s.at))
    chosen = []
    while left and len(chosen) < count:
        best = max(left, key=lambda s: (scored[s] * (1 - REDUNDANCY * likeness(s, chosen)), -s.at))
        chosen.append(best)
        left.remove(best)
    return chosen


def likeness(sentence, others):
    return max((overlap(set(sentence.terms), set(other.terms)) for other in others), default=0.0)


def overlap(first, second):
    return len(first & second) / max(1, len(first | second))


def choose_insights(scored, count, summary):
    kinds = {s: kind_of(s.text) for s in scored if s not in summary}
    candidates = {s: scored[s] for s, kind in kinds.items() if kind}
    return [(sentence, kinds[sentence]) for sentence in choose(candidates, count)]


def kind_of(text):
    return next((kind for kind, pattern in KINDS if pattern.search(text)), None)


def topics(said, weights, count):
    """Terms and pairs of neighbours with the most weight, from 0 to 1."""
    counts, pairs = Counter(), Counter()
    for sentence in said:
        counts.update(sentence.terms)
        pairs.update(neighbours(sentence.text))
    values = {term: weights[term] * counts[term] for term in counts if counts[term] > 1}
    for pair, times in pairs.items():
        if times > 1:
            values[" ".join(pair)] = 1.4 * times * sum(weights[term] for term in pair) / 2
            counts[" ".join(pair)] = times
    ranked = sorted(values, key=lambda term: (-values[term], term))
    kept = []
    for term in ranked:
        if len(kept) < count and not any(set(term.split()) & set(other.split()) for other in kept):
            kept.append(term)
    top = values[kept[0]] if kept else 1
    return [{"term": term, "weight": round(values[term] / top, 3), "count": counts[term]} for term in kept]


def neighbours(text):
    words = [word.lower().replace("’", "'") for word in WORD.findall(text)]
    good = set(terms(text))
    return [pair for pair in zip(words, words[1:]) if pair[0] in good and pair[1] in good and pair[0] != pair[1]]
