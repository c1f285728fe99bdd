"""Where a token is good: each token has exactly one audience."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audiences:
    """The issuer's API, its records (customer-bound tokens alone), and the Health Data Center."""

    issuer: str
    records: str
    health_data_center: str

    @property
    def every(self) -> frozenset[str]:
        """All three, for introspection and revocation."""
        return frozenset({self.issuer, self.records, self.health_data_center})

    def for_resource(self, resource: str | None) -> str | None:
        """The audience an RFC 8707 `resource` asks for: without one the issuer; None if it is neither."""
        if resource is None:
            return self.issuer
        wanted = without_slash(resource)
        return wanted if wanted in (self.issuer, self.health_data_center) else None


def audiences(issuer: str, health_data_center: str) -> Audiences:
    """The audiences of an installation from its two base URLs; a trailing slash makes no difference."""
    base = without_slash(issuer)
    return Audiences(base, f"{base}/records", without_slash(health_data_center))


def without_slash(url: str) -> str:
    """The URL without one trailing slash."""
    return url.removesuffix("/")
