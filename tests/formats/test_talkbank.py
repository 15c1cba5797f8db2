"""TalkBank's own validator takes every transcript that we write as CHAT, and refuses what its rules forbid.

`make test-peers` runs this: batchalign needs an older pyarrow than iprkit, so it gets an environment of its own.
"""

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iprkit.exchange import Exchange

from .studies import rich, studies, written

pytestmark = pytest.mark.peers

_ASK = """
import json, sys
from batchalign._core import CHATFile
told = []
for text in json.load(sys.stdin):
    try:
        CHATFile.parse(text)
        told.append("")
    except Exception as error:
        told.append(str(error) or repr(error))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def validate(peer: Callable[[str], Path]) -> Callable[[Sequence[str]], list[str]]:
    """What the validator says of each text; empty where it has nothing against it."""
    program = peer("batchalign==0.10.7") / "python"

    def ask(texts: Sequence[str]) -> list[str]:
        done = subprocess.run(
            [str(program), "-c", _ASK], input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        told = json.loads(done.stdout.splitlines()[-1])
        assert len(told) == len(texts)
        return list(told)

    return ask


@settings(max_examples=4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(values=st.lists(studies(), min_size=40, max_size=60))
def test_the_validator_has_nothing_against_our_transcripts(
    validate: Callable[[Sequence[str]], list[str]], values: list[Exchange]
) -> None:
    texts = [written(one, "cha").decode() for one in [rich(), *values]]
    assert {said: text for said, text in zip(validate(texts), texts, strict=True) if said} == {}


def test_the_validator_refuses_what_it_should(validate: Callable[[Sequence[str]], list[str]]) -> None:
    text = written(rich(), "cha").decode()
    assert all(validate([text.replace("@Begin\n", ""), text.replace("Client Participant", "Client Client"), "Hello"]))
