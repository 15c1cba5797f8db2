"""Programs that are not ours read what we write."""

from html import unescape
from io import StringIO

import webvtt

from iprkit.formats.cues import cues
from iprkit.formats.srt import write_srt
from iprkit.formats.stamps import dotted
from iprkit.formats.vtt import write_vtt
from iprkit.transcript import Transcript


def test_webvtt_py_finds_our_keys_times_voices_and_text(transcript: Transcript) -> None:
    stream = StringIO()
    write_vtt(transcript, stream)
    found = [(c.identifier, c.start, c.end, c.voice, unescape(c.text)) for c in webvtt.from_string(stream.getvalue())]
    assert found == [
        (c.key, dotted(c.start_ms), dotted(c.end_ms), c.speaker or "Speaker ?", c.text) for c in cues(transcript)
    ]


def test_webvtt_py_reads_our_subrip_but_for_what_it_takes_for_a_tag(transcript: Transcript) -> None:
    stream = StringIO()
    write_srt(transcript, stream)
    stream.seek(0)
    found = [(c.start_time.in_milliseconds(), c.text.strip()) for c in webvtt.from_buffer(stream, format="srt")]
    assert found == [
        (c.start_ms, f"{c.speaker or 'Speaker ?'}: {c.text}".replace("<und>", "").strip()) for c in cues(transcript)
    ]
