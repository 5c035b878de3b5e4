import duckdb
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from mingfu.cli import app
from mingfu.errors import InputError
from mingfu.publish.formats.database import write_database
from tests import samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return samples.published(tmp_path_factory.mktemp("project"))


@pytest.fixture
def path(folder, tmp_path):
    write_database(folder, tmp_path / "data.duckdb")
    return tmp_path / "data.duckdb"


def test_every_table_is_there_with_its_rows(folder, path):
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {file.stem for file in folder.glob("*.parquet")}
        for name in tables:
            expected = parquet.read_table(folder / f"{name}.parquet").to_pylist()
            rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            assert rows == [tuple(row.values()) for row in expected], name


def test_it_knows_keys_and_what_columns_mean(path):
    with duckdb.connect(str(path)) as connection:
        ((comment,),) = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'observations' AND column_name = 'value'"
        ).fetchall()
        assert "数值" in comment
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("UPDATE observations SET ref_area = '999999'")
        with pytest.raises(duckdb.ConstraintException):
            connection.execute("INSERT INTO units SELECT * FROM units")


def test_nothing_is_written_over_and_nothing_made_of_nothing(folder, path, tmp_path):
    with pytest.raises(InputError, match="E_EXISTS"):
        write_database(folder, path)
    with pytest.raises(InputError, match="E_MISSING"):
        write_database(tmp_path, tmp_path / "new.duckdb")
    assert [file.name for file in tmp_path.iterdir()] == ["data.duckdb"]


def test_the_command_names_the_tables(folder, tmp_path):
    result = CliRunner().invoke(app, ["duckdb", str(folder), str(tmp_path / "a.duckdb")])
    assert result.exit_code == 0
    assert "observations" in result.stdout
