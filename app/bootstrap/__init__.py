"""The composition root: settings → adapters → services."""

from app.bootstrap.ground import log_keys, read_key_ring
from app.bootstrap.lifespan import lifespan_of
from app.bootstrap.operator import OperatorServices, operator_services

__all__ = ["OperatorServices", "lifespan_of", "log_keys", "operator_services", "read_key_ring"]
