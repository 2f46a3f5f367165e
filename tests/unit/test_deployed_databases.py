"""Which database a deployed function means, and which schema that is."""

import pytest

from toolchain.local.aws.listening import Database
from toolchain.local.deployed.database_choice import Candidate, Seeker, choose, level_of
from toolchain.local.deployed.schemas import schema_name
from toolchain.local.place import Place

PLACE = Place("123456789012", "eu-west-1")
HERE = frozenset({"127.0.0.1"})
VARIABLES = {"DATABASE_HOST": "127.0.0.1", "DATABASE_NAME": "app"}


def database(identifier: str, name: str | None = "app") -> Database:
    return Database("instance", PLACE, identifier, name)


def candidate(identifier: str, vpc_id: str | None = None, name: str | None = "app") -> Candidate:
    return Candidate(database(identifier, name), HERE, vpc_id)


@pytest.mark.parametrize(
    ("seeker", "candidates", "expected"),
    [
        pytest.param(Seeker("a", VARIABLES), [], None, id="there is none"),
        pytest.param(Seeker("a", {}), [candidate("a")], None, id="asks for none"),
        pytest.param(
            Seeker("a", {"DATABASE_HOST": "db.example.com"}), [candidate("a")], None, id="is elsewhere"
        ),
        pytest.param(
            Seeker("shop-dev-users", VARIABLES),
            [candidate("shop-prod"), candidate("shop-dev"), candidate("shop")],
            "shop-dev",
            id="called alike",
        ),
        pytest.param(
            Seeker("shop-dev-users", VARIABLES, frozenset({"vpc-2"})),
            [candidate("shop-dev", "vpc-1"), candidate("other", "vpc-2")],
            "other",
            id="in the same network",
        ),
        pytest.param(
            Seeker("shop-dev-users", VARIABLES),
            [candidate("shop-dev", name="reports"), candidate("shop-main")],
            "shop-main",
            id="with the same schema",
        ),
        pytest.param(Seeker("a", VARIABLES), [candidate("y"), candidate("z")], "z", id="any, but always it"),
        pytest.param(Seeker("a", VARIABLES), [candidate("z"), candidate("y")], "z", id="whatever the order"),
    ],
)
def test_choice(*, seeker: Seeker, candidates: list[Candidate], expected: str | None) -> None:
    chosen = choose(seeker, candidates)
    assert (chosen and chosen.identifier) == expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"DATABASE_USER": "reader"}, "reader"),
        ({"DATABASE_USER": "proxy_writer"}, "writer"),
        ({"DATABASE_USER": "somebody"}, "owner"),
        ({"DATABASE_SECRET_ARN": "arn:aws:...:secret:db"}, "owner"),
    ],
)
def test_rights(variables: dict[str, str], expected: str) -> None:
    assert level_of(variables) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (database("shop-dev"), "rds_shop_dev_app"),
        (database("shop-dev", None), "rds_shop_dev_app"),
        (database("Shop.Dev`; DROP", "orders"), "rds_shop_dev_drop_orders__0e4a15b1"),
        (database("shop", "dev_app"), "rds_shop_dev_app__11fb99b1"),
        (Database("cluster", PLACE, "shop-dev", "app"), "rds_cluster_shop_dev_app"),
        (
            Database("instance", Place("123456789012", "us-east-1"), "shop-dev", "app"),
            "rds_123456789012_us_east_1_shop_dev_app",
        ),
    ],
)
def test_schema(given: Database, expected: str) -> None:
    assert schema_name(given, PLACE) == expected


def test_no_two_databases_share_a_schema() -> None:
    """Deleting one would drop the other's rows."""
    elsewhere = Place("123456789012", "us-east-1")
    databases = [
        *(database("shop-dev"), database("shop", "dev_app"), database("shop-dev_app", "")),
        *(Database("cluster", PLACE, "x", "app"), database("cluster-x"), database("cluster", "x_app")),
        *(Database("instance", elsewhere, "x", "app"), database("123456789012-us-east-1-x")),
        *(database("x", "App"), database("x")),
    ]
    assert len({schema_name(each, PLACE) for each in databases}) == len(databases)


def test_schemas_of_long_names_differ() -> None:
    """They have 64 characters at most, and what is cut off still tells them apart."""
    one, other = (schema_name(database("a" * 63, name), PLACE) for name in ("orders", "people"))
    assert (len(one), len(other)) == (64, 64)
    assert one != other
