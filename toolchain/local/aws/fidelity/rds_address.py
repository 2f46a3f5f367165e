"""Where the database of all RDS instances is. Apart from the corrections, which have moto's RDS loaded."""

_address: dict[str, tuple[str, int] | None] = {"database": None}


def set_address(database: tuple[str, int] | None) -> None:
    """Host and port that instances and proxies are at; None leaves moto's invented names."""
    _address["database"] = database


def address_of_database() -> tuple[str, int] | None:
    """What was set last."""
    return _address["database"]
