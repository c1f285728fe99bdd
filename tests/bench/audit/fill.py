"""A log of many events, made inside PostgreSQL: a year of a group of sixty partner systems.

Spread and skewed as a real one: a few partners ask most, most customers are asked for seldom, some codes are
rare, one partner left half a year ago.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime, timedelta

from tests.bench import postgres

CLIENTS = 60
RARE_CLIENT = "client-rare"
"""One event in a hundred thousand."""
GONE_CLIENT = "client-gone"
"""A fifth of the events of the first half of the year, and none since."""
RARE_REASON = "sensitive_needs_consent"
"""One event in fifty thousand."""
CHUNK = 250_000
_AT_ONCE = 2
_ROOM = "SET maintenance_work_mem = '512MB'"
_BY_CUSTOMER = "ix_audit_events_customer_id_event_id"
_ONE_LEAF = "uq_audit_leaves_event_id"
_HASH = "decode(md5(i::text) || md5((i + 1)::text), 'hex')"

# Event i of n: the time runs evenly; `r`s are random numbers of their own; a skew is a power of one.
_EVENTS = f"""
INSERT INTO audit_events (event_id, at, kind, outcome, client_id, customer_id, domains, purpose, reasons,
    grade, elements_digest, token_id, match_id, source, request_id, trace_id, model, policy, count, detail)
SELECT
    (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
        || lpad(to_hex((extract(microseconds FROM moment)::bigint % 1000) * 4), 3, '0')
        || '8' || substr(md5(i::text), 1, 15))::uuid,
    moment,
    kind,
    CASE
        WHEN kind = 'match' AND r2 < 0.7 THEN 'match'
        WHEN kind = 'match' THEN CASE WHEN r2 < 0.96 THEN 'no_match' ELSE 'review' END
        WHEN kind = 'access' THEN CASE WHEN r2 < 0.9 THEN 'permit' ELSE 'deny' END
        WHEN kind IN ('token', 'token_exchange') THEN 'issued'
        WHEN kind = 'register' THEN CASE WHEN r2 < 0.6 THEN 'linked' ELSE 'created' END
        WHEN kind = 'authentication' THEN 'refused'
        ELSE 'ok'
    END,
    CASE
        WHEN r3 < 0.00001 THEN '{RARE_CLIENT}'
        WHEN r3 < 0.2 AND i < $3 / 2 THEN '{GONE_CLIENT}'
        ELSE 'client-' || floor({CLIENTS} * power(r4, 3))::int
    END,
    CASE WHEN asked AND r2 < 0.7 THEN 'C' || lpad((floor(2000000 * power(r5, 2)))::bigint::text, 12, '0') END,
    CASE WHEN asked THEN (ARRAY['["medical"]', '["elder_care"]', '["medical","elder_care"]', '["funeral"]'])
        [1 + floor(4 * power(r6, 2))::int] ELSE '[]' END,
    CASE WHEN asked THEN CASE WHEN r7 < 0.0005 THEN 'ETREAT' ELSE
        (ARRAY['TREAT', 'CAREMGT', 'HPAYMT', 'HOPERAT', 'PATRQT'])[1 + floor(5 * power(r7, 3))::int] END END,
    CASE
        WHEN kind = 'access' AND r8 < 0.0001 THEN '["{RARE_REASON}"]'
        WHEN kind = 'access' AND r2 >= 0.9 THEN '["not_certain","scope_missing"]'
        WHEN kind = 'access' THEN '["care_between_domains"]'
        WHEN kind = 'authentication' THEN '["bad_secret"]'
        ELSE '[]'
    END,
    CASE WHEN kind = 'match' THEN 'certain' END,
    CASE WHEN kind = 'match' THEN md5(i::text) || md5(r1::text) END,
    CASE WHEN kind <> 'authentication' THEN substr(md5(r2::text), 1, 22) END,
    CASE WHEN kind IN ('match', 'access') THEN md5((i / 2)::text)::uuid::text END,
    '10.1.' || floor(250 * r4)::int || '.' || floor(250 * r5)::int,
    md5('q' || i)::uuid::text,
    md5('t' || i),
    CASE WHEN kind = 'match' THEN '2026.11' END,
    CASE WHEN kind = 'access' THEN 'default' END,
    1,
    CASE WHEN kind = 'match' THEN '{{"candidates":2,"method":"exact"}}' ELSE '{{}}' END
FROM (
    SELECT i, $4 + i * $5 AS moment, kinds.kind,
        kinds.kind IN ('match', 'access', 'records_request', 'records_result', 'customer_read') AS asked,
        r1, random() AS r2, random() AS r3, random() AS r4, random() AS r5, random() AS r6, random() AS r7,
        random() AS r8
    FROM (SELECT i, random() AS r1 FROM generate_series($1::bigint, $2::bigint - 1) AS i) AS numbered
    CROSS JOIN LATERAL (SELECT CASE
        WHEN r1 < 0.40 THEN 'match' WHEN r1 < 0.58 THEN 'access' WHEN r1 < 0.70 THEN 'records_request'
        WHEN r1 < 0.82 THEN 'records_result' WHEN r1 < 0.90 THEN 'token' WHEN r1 < 0.93 THEN 'token_exchange'
        WHEN r1 < 0.96 THEN 'customer_read' WHEN r1 < 0.99 THEN 'register'
        WHEN r1 < 0.995 THEN 'authentication' WHEN r1 < 0.998 THEN 'review'
        WHEN r1 < 0.9999 THEN 'audit_read' ELSE 'client'
    END AS kind) AS kinds
) AS made
ORDER BY i
"""
_LEAVES = f"""
INSERT INTO audit_leaves (leaf_index, event_id, leaf_hash)
SELECT i, event_id, {_HASH}
FROM (SELECT event_id, row_number() OVER (ORDER BY event_id) - 1 AS i FROM audit_events) AS numbered
"""
_HEAD = "INSERT INTO audit_checkpoints SELECT count(*), sha256(''), 'a bench', now() FROM audit_leaves"


# Months of a past that a new database has no partitions for.
_MONTHS = """
DO $$
DECLARE
    first date := date_trunc('month', timestamptz '{start}' AT TIME ZONE 'UTC');
    month date;
BEGIN
    DROP TABLE audit_events_earlier;
    PERFORM add_audit_partition('audit_events_earlier', format(
        'FROM (MINVALUE) TO (%L)', first_event_id(first::timestamp AT TIME ZONE 'UTC')));
    FOR month IN SELECT generate_series(first, now() - interval '1 month', interval '1 month') LOOP
        PERFORM add_audit_partition('audit_events_' || to_char(month, 'YYYY_MM'), format(
            'FROM (%L) TO (%L)', first_event_id(month::timestamp AT TIME ZONE 'UTC'),
            first_event_id((month + interval '1 month')::timestamp AT TIME ZONE 'UTC')));
    END LOOP;
END
$$
"""


def fill(url: str, events: int, progress: Callable[[float], object]) -> None:
    """Fills a migrated, empty database with the events of a year that ends now."""
    end = datetime.now(UTC)
    start = end - timedelta(days=365)
    postgres.execute(url, _MONTHS.replace("{start}", start.isoformat()))
    step = timedelta(days=365) / events
    postgres.execute(url, f"DROP INDEX {_BY_CUSTOMER}")  # made at once it takes a fraction of the time

    def insert(first: int) -> int:
        until = min(first + CHUNK, events)
        values = {"$1": str(first), "$2": str(until), "$3": str(events)}
        values["$4"] = f"timestamptz '{start.isoformat()}'"
        values["$5"] = f"interval '{step / timedelta(microseconds=1)} microseconds'"
        statement = _EVENTS
        for name, value in values.items():
            statement = statement.replace(name, value)
        postgres.execute(url, statement)
        return until - first

    done = 0
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for chunk in as_completed([threads.submit(insert, first) for first in range(0, events, CHUNK)]):
            done += chunk.result()
            progress(done / events)
    postgres.execute(
        url,
        _ROOM,
        f"CREATE INDEX {_BY_CUSTOMER} ON audit_events (customer_id, event_id)",
        "VACUUM ANALYZE",
    )


def seal_in_place(url: str) -> None:
    """Leaves for all events, with hashes of nothing: such a log is searched, not verified."""
    table = "ALTER TABLE audit_leaves"
    postgres.execute(
        url,
        _ROOM,
        f"{table} DROP CONSTRAINT {_ONE_LEAF}",
        _LEAVES,
        f"{table} ADD CONSTRAINT {_ONE_LEAF} UNIQUE (event_id)",
        _HEAD,
        "VACUUM ANALYZE",
    )
