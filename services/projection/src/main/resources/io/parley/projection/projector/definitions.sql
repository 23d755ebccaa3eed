-- What a rebuild does to schemas (ADR 14), for a role that may define nothing itself (ADR 17): it may call these, and
-- they act on these three schemas alone, as who made the tables.
create or replace function parley.{schema}_begin(rebuild text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  execute 'create schema if not exists {schema}_next';
  -- Until the end of this function, as it has a setting of its own.
  perform set_config('search_path', '{schema}_next, pg_temp', true);
  execute $tables${tables}$tables$;
  execute format('comment on schema {schema}_next is %L', rebuild);
end $function$;

create or replace function parley.{schema}_swap() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
declare
  kept name;
begin
  -- Restricted rows are of no timeline, and not built anew: they move.
  for kept in select tablename from pg_tables where schemaname = '{schema}' and tablename like 'restricted%'
      order by tablename desc loop
    execute format('alter table {schema}.%I set schema {schema}_next', kept);
  end loop;
  execute 'insert into {schema}_next.retries select * from {schema}.retries on conflict do nothing';
  execute 'alter schema {schema} rename to {schema}_old';
  execute 'alter schema {schema}_next rename to {schema}';
  execute 'comment on schema {schema} is null';
end $function$;

create or replace function parley.{schema}_drop(which text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $function$
begin
  if which not in ('{schema}_next', '{schema}_old') then
    raise exception '% is not of a rebuild', which using errcode = '42501';
  end if;
  execute format('drop schema if exists %I cascade', which);
end $function$;
