"""What was deleted for good stands nowhere in the database's files, however rows were moved about before."""

import random
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from iprkit.database.connect import DATABASE, Study
from iprkit.database.engine import writer
from iprkit.database.files import wipe

Rows = list[tuple[str, int]]


def said(number: int, dice: random.Random) -> str:
    return ("confided " if number == 0 else "greeting ") * dice.randint(1, 300)


def write_and_correct(connection: Connection, rows: Rows, dice: random.Random) -> None:
    for _ in range(60):
        rows.append((str(dice.random()), dice.randint(0, 2)))
        key, who = rows[-1]
        connection.execute(
            text("INSERT INTO said VALUES (:key, :who, :words)"), {"key": key, "who": who, "words": said(who, dice)}
        )
    for key, who in dice.sample(rows, 30):
        connection.execute(
            text("UPDATE said SET words = :words WHERE key = :key"), {"key": key, "words": said(who, dice)}
        )


def much_work(engine: Engine, seed: int) -> None:
    """Rows of every length, written and corrected in many transactions, the confidences withdrawn at the end."""
    dice, rows = random.Random(seed), Rows()
    with writer(engine).begin() as connection:
        connection.execute(text("CREATE TABLE said (key text PRIMARY KEY, who int, words text)"))
    for _ in range(40):
        with writer(engine).begin() as connection:
            write_and_correct(connection, rows, dice)
    with writer(engine).begin() as connection:
        connection.execute(text("UPDATE said SET words = '[withdrawn]' WHERE who = 0"))


def test_after_wiping_no_file_of_the_study_holds_what_was_deleted(study: Study) -> None:
    much_work(study.engine, 2)
    wipe(study.engine)
    if study.engine.dialect.name == "sqlite":
        kept = b"".join(file.read_bytes() for file in Path(study.folder).glob(f"{DATABASE}*"))
        assert (kept.count(b"confided"), kept.count(b"greeting") > 1000) == (0, True)
    with study.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM said WHERE words LIKE 'greeting%'")).scalar_one() > 1000
