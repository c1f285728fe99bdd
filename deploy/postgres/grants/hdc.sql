-- What the service of the Health Data Center may do. Run by hdc_owner after every migration; running it again
-- changes nothing. A table that is not named here is closed to the service.
BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hdc_service;
GRANT SELECT ON alembic_version TO hdc_service;
-- The access log only grows; a trigger refuses the rest even to the owner.
GRANT SELECT, INSERT ON access_events TO hdc_service;
GRANT SELECT, INSERT, UPDATE ON records, change_feed TO hdc_service;
-- Records of erased customers are kept as long as the law has them kept: the owner deletes them (hdc purge).
GRANT SELECT, INSERT ON erased_customers TO hdc_service;
-- A merge that is undone is forgotten.
GRANT SELECT, INSERT, UPDATE, DELETE ON merged_customers TO hdc_service;
COMMIT;
