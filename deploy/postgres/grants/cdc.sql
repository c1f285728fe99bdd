-- What the service of the Customer Data Center may do. Run by cdc_owner after every migration; running it
-- again changes nothing. A table that is not named here is closed to the service.
BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM cdc_service;
GRANT SELECT ON alembic_version TO cdc_service;
-- The access log and the ledger only grow; triggers refuse the rest even to the owner.
GRANT SELECT, INSERT ON audit_events, audit_leaves, audit_tiles, audit_checkpoints, audit_blocks,
    audit_postings TO cdc_service;
GRANT SELECT, INSERT ON identity_decisions TO cdc_service;
GRANT SELECT, INSERT ON consents, consent_withdrawals TO cdc_service;
GRANT SELECT, INSERT ON policy_sets TO cdc_service;
GRANT USAGE ON SEQUENCE identity_decisions_position_seq, changes_row_number_seq TO cdc_service;
-- A master customer ID is never taken back; a change waits for its place in the feed, and then stays.
GRANT SELECT, INSERT, UPDATE ON customers, changes TO cdc_service;
-- A verdict on an access in an emergency is given once, in its row.
GRANT SELECT, INSERT, UPDATE ON emergency_accesses TO cdc_service;
GRANT SELECT, INSERT, UPDATE ON alerts, clients, import_jobs, erasures TO cdc_service;
-- An old content goes along with its record, under another key. An erasure takes all of them.
GRANT SELECT, INSERT, UPDATE, DELETE ON source_record_versions, customer_keys, reviews, distinct_pairs TO cdc_service;
-- An account is disabled, never removed: the log names it. Sessions go when they end.
GRANT SELECT, INSERT, UPDATE ON accounts TO cdc_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON console_sessions TO cdc_service;
-- A source system may withdraw its record.
GRANT SELECT, INSERT, UPDATE, DELETE ON source_records TO cdc_service;
-- Keys are derived from source records; a revoked token, or a client's used assertion, is forgotten once it
-- has expired, an uploaded file once it is in.
GRANT SELECT, INSERT, DELETE ON blocking_keys, revoked_tokens, used_assertions, import_names TO cdc_service;
-- A part of an upload is sealed anew when the data key is rotated.
GRANT SELECT, INSERT, UPDATE, DELETE ON import_parts TO cdc_service;
COMMIT;
