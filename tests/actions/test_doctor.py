import platform
from pathlib import Path

from iprkit.actions.doctor import doctor


def test_the_machine_is_described(tmp_path: Path) -> None:
    machine = doctor(tmp_path)
    assert machine.python == platform.python_version()
    assert machine.cores >= 1
    assert 0 < machine.memory_free_bytes <= machine.memory_bytes
    assert machine.parts["sqlalchemy"] is not None


def test_the_built_in_engines_enter_by_the_door_for_all_engines() -> None:
    assert {"faster-whisper", "openai-whisper", "scripted"} <= set(doctor().engines)
