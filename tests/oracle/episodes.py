"""Episodes: pending, open, resolved, closed (domain 9), one track a subject and condition."""

import hashlib
from dataclasses import dataclass

from rules import CONDITIONS, SEVERITIES

HIGHER_IS_WORSE = {"overstock", "stale_stock", "drift", "category_low", "category_out",
                   "velocity_spike"}


@dataclass(slots=True)
class Verdict:
    """What one judgement says of one condition: it applies or the cause why it does not."""
    cause: str | None = None        # not applicable: the cause of a resolve
    value: int | None = 0           # None: not known, the figures stay
    threshold: int = 0
    rule: object = None
    holds: bool = False
    clears: bool = False
    severity: str | None = None     # None: that of the rules
    hold: int = 0


@dataclass(slots=True)
class Moment:
    """When and why something is judged."""
    time: int
    place: str
    is_change: bool


@dataclass(slots=True)
class Episode:
    id: str
    type: str
    subject: tuple
    severity: str
    opened_at: int
    value: int
    threshold: int
    rule: dict | None
    now: int
    worst: int
    state: str = "open"
    resolved_at: int | None = None
    reopened: int = 0
    count: int = 0
    cause: str | None = None


@dataclass(slots=True)
class Track:
    episode: Episode | None = None
    pending: int | None = None


def episode_id(condition, subject, place):
    lines = ["episode/1", condition, *subject, place]
    digest = hashlib.sha256("".join(line + "\n" for line in lines).encode())
    return digest.hexdigest()[:32]


class Episodes:
    """All episodes; `schedule(due, kind, subject, condition)` asks for a timer."""

    def __init__(self, reopen_window, schedule):
        self.reopen_window = reopen_window
        self.schedule = schedule
        self.all = []
        self.tracks = {}            # subject -> {condition: Track}
        self.counts = {edge: dict.fromkeys(CONDITIONS, 0)
                       for edge in ("opened", "reopened", "resolved")}

    def judge(self, subject, condition, verdict, moment):
        tracks = self.tracks.get(subject)
        track = tracks.get(condition) if tracks else None
        if track is None:
            if verdict.cause or not verdict.holds:
                return
            track = self.tracks.setdefault(subject, {}).setdefault(condition, Track())
        if track.episode is not None and track.episode.state == "open":
            self._judge_open(track, verdict, moment)
        else:
            self._judge_shut(subject, condition, track, verdict, moment)

    def _judge_open(self, track, verdict, moment):
        episode = track.episode
        if verdict.cause:
            self.resolve(episode, verdict.cause, moment)
            return
        self._figures(episode, verdict)
        if verdict.clears:
            self.resolve(episode, "cleared", moment)
        elif verdict.holds and moment.is_change:
            episode.count += 1

    def _judge_shut(self, subject, condition, track, verdict, moment):
        if verdict.cause or not verdict.holds:
            track.pending = None
            return
        if track.pending is None:
            track.pending = moment.time
        due = track.pending + verdict.hold
        if due <= moment.time:
            self._open(subject, condition, track, verdict, moment)
        else:
            self.schedule(due, "hold", subject, condition)

    def _open(self, subject, condition, track, verdict, moment):
        track.pending = None
        old = track.episode
        if old is not None and old.state == "resolved":
            if moment.time < old.resolved_at + self.reopen_window:
                self._reopen(old, verdict, moment)
                return
            old.state = "closed"
        rule = verdict.rule.shown() if verdict.rule else None
        episode = Episode(
            episode_id(condition, subject, moment.place), condition, subject, verdict.severity,
            moment.time, verdict.value, verdict.threshold, rule, verdict.value, verdict.value,
            count=int(moment.is_change))
        track.episode = episode
        self.all.append(episode)
        self.counts["opened"][condition] += 1

    def _reopen(self, episode, verdict, moment):
        episode.state = "open"
        episode.resolved_at = None
        episode.reopened += 1
        episode.count += int(moment.is_change)
        self._figures(episode, verdict)
        self.counts["reopened"][episode.type] += 1

    def _figures(self, episode, verdict):
        if verdict.value is not None:
            episode.now = verdict.value
            farthest = max if episode.type in HIGHER_IS_WORSE else min
            episode.worst = farthest(episode.worst, verdict.value)
        episode.severity = max(episode.severity, verdict.severity, key=SEVERITIES.index)

    def resolve(self, episode, cause, moment):
        episode.state = "resolved"
        episode.resolved_at = moment.time
        episode.cause = cause
        self.counts["resolved"][episode.type] += 1
        self.schedule(moment.time + self.reopen_window, "close", episode.subject, episode.type)

    def close(self, subject, condition, now):
        track = self.tracks[subject][condition]
        episode = track.episode
        if episode.state == "resolved" and episode.resolved_at + self.reopen_window <= now:
            episode.state = "closed"

    def open_episode(self, subject, condition):
        track = self.tracks.get(subject, {}).get(condition)
        episode = track.episode if track else None
        return episode if episode is not None and episode.state == "open" else None

    def end(self, subject, cause, moment):
        """Everything of a subject that is no longer there resolves; pending ends."""
        for condition, track in self.tracks.get(subject, {}).items():
            self.judge(subject, condition, Verdict(cause=cause), moment)

    def alive(self, subject, condition):
        """Open or pending."""
        track = self.tracks.get(subject, {}).get(condition)
        return track is not None and (track.pending is not None
                                      or self.open_episode(subject, condition) is not None)

    def open_counts(self):
        counts = dict.fromkeys(CONDITIONS, 0)
        for episode in self.all:
            counts[episode.type] += episode.state == "open"
        return counts
