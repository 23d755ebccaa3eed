#!/bin/bash
# Run once, by PostgreSQL's image, on an empty data directory: a role for each that comes in, and what it may. Only the
# owner defines anything, and only the setup is the owner.
set -e
secret() { cat "/run/secrets/postgres/$1"; }
for role in parley_owner parley_projection registry; do
  [ -n "$(secret "$role")" ] || { echo "no password for $role" >&2; exit 1; }
done
run() { psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$1" --quiet; }
run postgres <<SQL
create role parley_owner login password '$(secret parley_owner)';
create role parley_projection login password '$(secret parley_projection)' connection limit 40;
create role registry login password '$(secret registry)' connection limit 20;
create database parley owner parley_owner locale_provider builtin builtin_locale 'C.UTF-8' template template0;
create database registry owner registry;
-- No connecting and no temporary tables for whoever is not named.
revoke all on database parley, registry, postgres from public;
grant connect on database parley to parley_projection;
SQL
run parley <<SQL
revoke all on schema public from public;
SQL
