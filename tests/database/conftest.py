"""The database tests run on SQLite, and on PostgreSQL too where its programs are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from iprkit.database.connect import Study, create
from iprkit.database.models import Dyad, Session

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), default=Path("pg_ctl")).parent
KINDS = ["sqlite", "postgresql"] if (PROGRAMS / "pg_ctl").is_file() else ["sqlite"]


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """A PostgreSQL server of its own, reached by a socket in this folder; PostgreSQL refuses to run as root."""
    home = Path(tempfile.mkdtemp(prefix="pg"))
    user = "nobody" if os.name == "posix" and os.geteuid() == 0 else None
    if user:
        shutil.chown(home, user)
    data = home / "data"

    def run(program: str, *words: str) -> None:
        command = [str(PROGRAMS / program), "-D", str(data), *words]
        subprocess.run(command, check=True, user=user, cwd=home, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "iprkit", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {home} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
    yield home
    run("pg_ctl", "-w", "-m", "fast", "stop")
    shutil.rmtree(home)


@pytest.fixture
def address(server: Path) -> str:
    """The address of an empty database."""
    name = f"study_{uuid4().hex}"
    with psycopg.connect(f"host={server} user=iprkit dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql+psycopg://iprkit@/{name}?host={server}"


@pytest.fixture(params=KINDS)
def study(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Study]:
    """An empty study of Anna's, once on each kind of database."""
    database = request.getfixturevalue("address") if request.param == "postgresql" else None
    with create(tmp_path / "study", "Rupture and repair", "anna", database) as made:
        yield made


@pytest.fixture
def add_dyad(study: Study) -> Callable[..., None]:
    """Adds a dyad with one session, ``D01`` with ``D01-S01``, in one change."""

    def add(key: str, session: bool = True) -> None:
        with study.change(f"added dyad {key}", key) as db:
            dyad = Dyad(key=key)
            db.add(dyad)
            if session:
                dyad.conversations.append(Session(key=f"{key}-S01", number=1))

    return add
