"""The access log in partitions by month on PostgreSQL; SQLite keeps its one table."""

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

# A UUIDv7 begins with its time: the key itself says the month, and stays the primary key. The first partition
# and the last one are open, and there is no DEFAULT one: every event has its place, and partitions stay in
# the order of the key, so that a page is read from one after the other and not merged from all.
_FUNCTIONS = (
    """
CREATE FUNCTION first_event_id(instant timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM instant) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$
""",
    """
CREATE FUNCTION add_audit_partition(name text, bounds text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_events FOR VALUES %s', name, bounds);
    EXECUTE format(
        'CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
        ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
END
$$
""",
    """
CREATE FUNCTION add_audit_months(first date, until date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month date;
    made integer := 0;
BEGIN
    FOR month IN SELECT generate_series(first, until, interval '1 month') LOOP
        PERFORM add_audit_partition('audit_events_' || to_char(month, 'YYYY_MM'), format(
            'FROM (%L) TO (%L)',
            first_event_id(month::timestamp AT TIME ZONE 'UTC'),
            first_event_id((month + interval '1 month')::timestamp AT TIME ZONE 'UTC')));
        made := made + 1;
    END LOOP;
    PERFORM add_audit_partition('audit_events_later', format(
        'FROM (%L) TO (MAXVALUE)',
        first_event_id((until + interval '1 month')::timestamp AT TIME ZONE 'UTC')));
    RETURN made;
END
$$
""",
    # What came behind the last month meanwhile moves into its own; a row moved is the same row.
    """
CREATE FUNCTION extend_audit_partitions(ahead integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    until date := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
    first date;
    made integer;
BEGIN
    LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
    SELECT max(to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM')) + interval '1 month' INTO first
        FROM pg_inherits
        WHERE inhparent = 'audit_events'::regclass
            AND inhrelid::regclass::text ~ '^audit_events_[0-9]{4}_[0-9]{2}$';
    IF first > until THEN
        RETURN 0;
    END IF;
    ALTER TABLE audit_events DETACH PARTITION audit_events_later;
    ALTER TABLE audit_events_later RENAME TO audit_events_moving;
    made := add_audit_months(first, until);
    INSERT INTO audit_events SELECT * FROM audit_events_moving;
    DROP TABLE audit_events_moving;
    RETURN made;
END
$$
""",
)
_NAMES = (
    "extend_audit_partitions(integer)",
    "add_audit_months(date, date)",
    "add_audit_partition(text, text)",
    "first_event_id(timestamptz)",
)
_TABLE = "CREATE TABLE audit_events (LIKE audit_events_before INCLUDING DEFAULTS)"
# From the first event's month to six months from now.
_FIRST_PARTITIONS = """
DO $$
DECLARE
    first date := date_trunc('month', coalesce(
        (SELECT min(at) FROM audit_events_before), now()) AT TIME ZONE 'UTC');
    until date := date_trunc('month', now() AT TIME ZONE 'UTC') + interval '6 months';
BEGIN
    PERFORM add_audit_partition('audit_events_earlier', format(
        'FROM (MINVALUE) TO (%L)', first_event_id(first::timestamp AT TIME ZONE 'UTC')));
    PERFORM add_audit_months(first, greatest(first, until));
END
$$
"""
_KEEP_APPENDING = (
    "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for function in _FUNCTIONS:
        op.execute(function)
    for name in _NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
    _make_room()
    op.execute(f"{_TABLE} PARTITION BY RANGE (event_id)")
    _keys_and_indexes()
    op.execute(_FIRST_PARTITIONS)
    _move()


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _make_room()
    op.execute(_TABLE)
    _keys_and_indexes()
    _move()
    for name in _NAMES:
        op.execute(f"DROP FUNCTION {name}")


def _make_room() -> None:
    op.execute("ALTER TABLE audit_events RENAME TO audit_events_before")
    for name in ("pk_audit_events", *(_index(column) for column in ("customer_id", "client_id"))):
        op.execute(f"ALTER INDEX {name} RENAME TO {name}_before")


def _keys_and_indexes() -> None:
    """The primary key last: among indexes that cost the same, as all do of a month that is still empty, the
    planner takes the youngest, and a plan is kept for longer than a month stays empty."""
    for column in ("customer_id", "client_id"):
        op.create_index(op.f(_index(column)), "audit_events", [column, "event_id"])
    op.execute("ALTER TABLE audit_events ADD CONSTRAINT pk_audit_events PRIMARY KEY (event_id)")


def _index(column: str) -> str:
    return f"ix_audit_events_{column}_event_id"


def _move() -> None:
    op.execute("INSERT INTO audit_events SELECT * FROM audit_events_before")
    op.execute("DROP TABLE audit_events_before")
    op.execute(_KEEP_APPENDING)
