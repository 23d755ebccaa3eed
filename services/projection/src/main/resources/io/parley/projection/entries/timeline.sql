-- One row for each event, which is there as it was published.
create table if not exists timeline (
  negotiation text not null,
  sequence bigint not null,
  recorded_ms bigint not null,
  service text not null,
  type text not null,
  aggregate text not null,
  version bigint not null,
  author text not null,
  previous_hash text not null,
  hash text not null,
  event bytea not null,
  primary key (negotiation, sequence)
);
create index if not exists timeline_aggregate on timeline (negotiation, aggregate, version);
create index if not exists timeline_recorded on timeline (negotiation, recorded_ms, sequence);

-- The same for every version of the read models: for the pseudonyms of authors, and what was verified last.
create schema if not exists parley;
create table if not exists parley.pseudonym_key (
  one boolean primary key default true check (one),
  key text not null
);
insert into parley.pseudonym_key (key)
select gen_random_uuid()::text || gen_random_uuid()::text
on conflict do nothing;
create table if not exists parley.verifications (
  negotiation text primary key,
  at timestamptz not null,
  verdict text not null,
  length bigint not null,
  head_hash text not null,
  -- head of the last one that ended with VERIFIED
  verified_hash text
);
-- Where the restricted events of each service ended then: service, number, head, a line each.
do $$ begin
  if not exists (select from information_schema.columns where table_schema = 'parley'
      and table_name = 'verifications' and column_name = 'verified_restricted') then
    alter table parley.verifications add column verified_restricted text;
  end if;
end $$;
