-- Each row is an item from one timeline position to another (null: current).
create table if not exists negotiations (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  to_sequence bigint,
  body text not null,
  parties text[] not null,
  principals text[] not null,
  search tsvector,
  primary key (negotiation, id, from_sequence)
);
create index if not exists negotiations_until on negotiations (negotiation, coalesce(to_sequence, 9223372036854775807));
create index if not exists negotiations_search on negotiations using gin (search);
create index if not exists negotiations_parties on negotiations using gin (parties);
