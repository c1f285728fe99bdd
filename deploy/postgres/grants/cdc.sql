-- What the service of the Customer Data Center may do. Run by cdc_owner after every migration; running it
-- again changes nothing. A table that is not named here is closed to the service.
BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM cdc_service;
GRANT SELECT ON alembic_version TO cdc_service;
-- The access log only grows; a trigger refuses the rest even to the owner.
GRANT SELECT, INSERT ON audit_events TO cdc_service;
-- A master customer ID is never taken back.
GRANT SELECT, INSERT ON customers TO cdc_service;
GRANT SELECT, INSERT, UPDATE ON clients, reviews, source_records TO cdc_service;
-- Keys are derived from source records; a revoked token is forgotten once it has expired.
GRANT SELECT, INSERT, DELETE ON blocking_keys, revoked_tokens TO cdc_service;
COMMIT;
