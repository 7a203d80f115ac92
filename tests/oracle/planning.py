"""Lead time, service level, reorder point and the dynamic `low` (domain 6, 7; ADR 5, 8)."""

from buffers import by_cycle_service, by_fill_rate, by_zones
from rules import LEVELS
from values import half_even


def preferred(name, resolved, item, setting):
    """A rule naming SKU or product, the document, other rules, the settings."""
    value, rule = resolved.get(name)
    document = item.state.document
    stated = getattr(document, name) if document else None
    if stated is not None and (rule is None or rule.specificity[0] < LEVELS["product_id"]):
        return stated
    return setting if value is None else value


def lead_time(item, resolved, settings):
    return preferred("lead_time_days", resolved, item, settings.lead_time_days)


def service_level(item, resolved, settings):
    level = preferred("service_level", resolved, item, settings.service_level)
    return min(999, max(1, level))


def seasoned(d, resolved):
    """d times `season_factor`, where it is used."""
    return half_even(d * resolved.value("season_factor", 1000), 1000)


def order_of(d, item, resolved, settings):
    """Q, what is ordered at a time: the demand of `review_days`, no less than the MOQ, in whole packs."""
    document = item.state.document
    quantity = half_even(d * resolved.value("review_days", settings.review_days), 1000)
    quantity = max(quantity, (document and document.moq) or 0)
    pack = (document and document.pack_size) or 0
    return -(-quantity // pack) * pack if pack > 0 else quantity


def reorder_point(forecast, item, resolved, settings):
    d, lead = seasoned(forecast.d, resolved), lead_time(item, resolved, settings)
    if settings.buffer_method == "zones":
        return by_zones(d, lead, settings.lead_time_factor, settings.variability_factor)
    scatter = resolved.value("lead_time_sd_days", 0)
    level = service_level(item, resolved, settings)
    if settings.buffer_method == "fill_rate":
        order = order_of(d, item, resolved, settings)
        return by_fill_rate(d, forecast.sigma, lead, scatter, level, order)
    return by_cycle_service(d, forecast.sigma, lead, scatter, level)


def dynamic_low(forecasts, item, resolved, settings):
    """The reorder point, near that of the day before, inside floor and ceiling; None: no forecast."""
    today, before = forecasts
    if today is None:
        return None
    low = reorder_point(today, item, resolved, settings)
    if before is not None:
        old = reorder_point(before, item, resolved, settings)
        change = half_even(old * settings.low_change_percent_max, 100)
        low = min(max(low, old - change), old + change)
    return low


def inside(low, resolved):
    """The floor beats the ceiling."""
    low = min(low, resolved.value("low_ceiling", low))
    return max(low, resolved.value("low_floor", low))


def is_dynamic(resolved):
    """A static `low` more specific than the rule that gives `dynamic` stands."""
    mode, giver = resolved.get("mode")
    if mode != "dynamic":
        return False
    _, rule = resolved.get("low")
    return rule is None or rule.specificity <= giver.specificity


def with_dynamic_low(resolved, forecasts, item, settings):
    """The resolved fields with `low` as the dynamic rule has it."""
    if not is_dynamic(resolved):
        return resolved
    static, origin = resolved.unplaced("low")
    _, giver = resolved.get("mode")
    low = dynamic_low(forecasts, item, resolved, settings)
    if low is not None:
        return resolved.placed_with("low", inside(low, resolved), giver)
    if static is not None:
        return resolved.placed_with("low", inside(static, resolved), origin)
    floor, origin = resolved.get("low_floor")
    if floor is not None:
        return resolved.placed_with("low", floor, origin)
    return resolved
