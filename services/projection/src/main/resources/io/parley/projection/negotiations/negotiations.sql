-- Each row is an item from one timeline position until that of its next row; first_sequence is that of its first.
create table if not exists negotiations (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  first_sequence bigint not null,
  body text not null,
  parties text[] not null,
  principals text[] not null,
  words text,
  search tsvector generated always as (to_tsvector('simple', words)) stored,
  primary key (negotiation, id, from_sequence)
);
create index if not exists negotiations_search on negotiations using gin (search);
create index if not exists negotiations_parties on negotiations using gin (parties);
