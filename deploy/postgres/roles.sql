-- Databases and roles, for psql, as a superuser, once. Passwords are read from the files of :secrets.
--
-- Each center has two roles. The owner migrates the schema and nothing else. The service role is what the
-- center runs as: it cannot change the schema, and what it may do with each table is said in grants/.
\set ON_ERROR_STOP on
\if :{?secrets}
\else
  \set secrets /run/secrets
\endif
\set cdc_owner_password `cat :secrets/cdc_owner_password`
\set cdc_service_password `cat :secrets/cdc_service_password`
\set hdc_owner_password `cat :secrets/hdc_owner_password`
\set hdc_service_password `cat :secrets/hdc_service_password`

CREATE ROLE cdc_owner LOGIN PASSWORD :'cdc_owner_password';
CREATE ROLE cdc_service LOGIN PASSWORD :'cdc_service_password';
CREATE ROLE hdc_owner LOGIN PASSWORD :'hdc_owner_password';
CREATE ROLE hdc_service LOGIN PASSWORD :'hdc_service_password';

CREATE DATABASE cdc OWNER cdc_owner;
CREATE DATABASE hdc OWNER hdc_owner;
REVOKE ALL ON DATABASE cdc, hdc FROM PUBLIC;
GRANT CONNECT ON DATABASE cdc TO cdc_service;
GRANT CONNECT ON DATABASE hdc TO hdc_service;

\connect cdc
ALTER SCHEMA public OWNER TO cdc_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO cdc_service;

\connect hdc
ALTER SCHEMA public OWNER TO hdc_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hdc_service;
