-- Each row is an item from one timeline position until that of its next row; first_sequence is that of its first.
create table if not exists announcements (
  negotiation text not null,
  id text not null,
  from_sequence bigint not null,
  first_sequence bigint not null,
  body text not null,
  kind text not null,
  speaker text not null,
  party text not null,
  voices text[] not null,
  topics text[] not null,
  language text not null,
  status text not null,
  bases text[] not null,
  words text,
  search tsvector generated always as (to_tsvector('simple', words)) stored,
  primary key (negotiation, id, from_sequence)
);
create index if not exists announcements_search on announcements using gin (search);
create index if not exists announcements_bases on announcements using gin (bases) where bases <> '{}';
create index if not exists announcements_retracted on announcements (negotiation) where status = 'RETRACTED';
create index if not exists announcements_voices on announcements using gin (voices);
create index if not exists announcements_positions on announcements (negotiation, party) where kind = 'POSITION';
