"""The settings file of the oracle: JSON, unknown keys refused."""

import json
from dataclasses import dataclass, field

from values import DAY, Invalid, duration, integer, quantity


@dataclass
class Warehouse:
    authority: str = "snapshot"
    opens_at_zero: bool = False
    sales_from_reservations: bool = False
    drift_tolerance: int = 0
    drift_grace: int = 60_000_000


@dataclass
class Settings:
    source: str = "default"
    database: str = ""
    collections: dict = field(default_factory=lambda: {
        "inventory": "inventory", "transactions": "transactions", "thresholds": "thresholds"})
    update_images: str = "lookup"
    currency: str = "USD"
    inbound_references_max: int = 64
    default_warehouse: Warehouse = field(default_factory=Warehouse)
    warehouses: dict = field(default_factory=dict)
    history_keep: int = 100 * DAY
    reopen_window: int = 15 * 60 * 1_000_000
    rules: list = field(default_factory=list)
    lead_time_days: int = 7000
    service_level: int = 950
    low_change_percent_max: int = 25
    review_days: int = 7000
    buffer_method: str = "cycle_service"
    lead_time_factor: int = 500
    variability_factor: int = 500

    def warehouse(self, name):
        return self.warehouses.get(name, self.default_warehouse)


WAREHOUSE_KEYS = {"authority", "opens_at_zero", "sales_from_reservations", "drift_tolerance",
                  "drift_grace"}


def _known(section, keys, where):
    if not isinstance(section, dict):
        raise Invalid(f"{where}: not an object")
    unknown = set(section) - set(keys)
    if unknown:
        raise Invalid(f"{where}: unknown key {sorted(unknown)[0]}")
    return section


def _one_of(value, allowed, where):
    if value not in allowed:
        raise Invalid(f"{where}: {value!r}")
    return value


def _warehouse(section, base):
    authority = _one_of(section.get("authority", base.authority), ("snapshot", "ledger"),
                        "authority")
    grace = section.get("drift_grace")
    tolerance = section.get("drift_tolerance")
    return Warehouse(
        authority=authority,
        opens_at_zero=section.get("opens_at_zero", base.opens_at_zero),
        sales_from_reservations=section.get("sales_from_reservations",
                                            base.sales_from_reservations),
        drift_tolerance=base.drift_tolerance if tolerance is None else quantity(tolerance),
        drift_grace=base.drift_grace if grace is None else duration(grace))


def _read_source(settings, section):
    _known(section, {"id", "database", "collections", "update_images"}, "source")
    settings.source = section.get("id", settings.source)
    settings.database = section.get("database", settings.database)
    names = _known(section.get("collections", {}), settings.collections, "source.collections")
    settings.collections = {**settings.collections, **names}
    settings.update_images = _one_of(section.get("update_images", "lookup"),
                                     ("lookup", "stored"), "source.update_images")


def _read_stock(settings, section):
    _known(section, WAREHOUSE_KEYS | {"currency", "inbound_references_max", "warehouses"}, "stock")
    settings.currency = section.get("currency", settings.currency)
    settings.inbound_references_max = section.get("inbound_references_max", 64)
    settings.default_warehouse = _warehouse(section, Warehouse())
    for name, own in section.get("warehouses", {}).items():
        _known(own, WAREHOUSE_KEYS, f"stock.warehouses.{name}")
        settings.warehouses[name] = _warehouse(own, settings.default_warehouse)


def _read_demand(settings, section):
    _known(section, {"lead_time_days", "service_level", "review_days", "low_change_percent_max",
                     "buffer"}, "demand")
    buffer = _known(section.get("buffer", {}), {"method", "lead_time_factor", "variability_factor",
                                                "order_cycle_days"}, "demand.buffer")
    settings.buffer_method = _one_of(buffer.get("method", "cycle_service"),
                                     ("cycle_service", "fill_rate", "zones"), "demand.buffer")
    for name, given in (("lead_time_days", section), ("service_level", section),
                        ("review_days", section), ("lead_time_factor", buffer),
                        ("variability_factor", buffer)):
        setattr(settings, name, quantity(given.get(name, getattr(Settings, name) / 1000)))
    settings.low_change_percent_max = integer(section.get("low_change_percent_max", 25))


def read_settings(document):
    settings = Settings()
    _known(document, {"source", "stock", "history", "alerts", "demand", "thresholds"}, "settings")
    _read_source(settings, document.get("source", {}))
    _read_stock(settings, document.get("stock", {}))
    history = _known(document.get("history", {}), {"keep"}, "history")
    settings.history_keep = duration(history.get("keep", "100d"))
    if settings.history_keep < 35 * DAY:
        raise Invalid("history.keep: at least 35d")
    alerts = _known(document.get("alerts", {}), {"reopen_window"}, "alerts")
    settings.reopen_window = duration(alerts.get("reopen_window", "15m"))
    _read_demand(settings, document.get("demand", {}))
    thresholds = _known(document.get("thresholds", {}), {"rules"}, "thresholds")
    settings.rules = thresholds.get("rules", [])
    return settings


def load_settings(path):
    with open(path, encoding="utf-8") as file:
        return read_settings(json.load(file))
