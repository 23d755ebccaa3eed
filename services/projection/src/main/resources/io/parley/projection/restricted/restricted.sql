-- What not everybody may learn of (ADR 7): one row for each version of an item, from one moment on the
-- recorded axis to another (null: current). It has no place on the timeline.
create table if not exists restricted (
  negotiation text not null,
  service text not null,
  aggregate text not null,
  version bigint not null,
  -- name of the event that made the version
  event text not null,
  from_ms bigint not null,
  to_ms bigint,
  -- the view whose item it is, and its id there
  view text not null,
  id text not null,
  -- party that may learn of it; null: only who may learn of all
  issuer text,
  -- offset of its first event: its place among the restricted items of its negotiation
  first_offset bigint not null,
  -- the item as the view folds it, beside the body, which is what is answered
  state text not null,
  body text not null,
  kind text,
  speaker text,
  voices text[],
  topics text[],
  language text,
  status text,
  words text,
  search tsvector generated always as (to_tsvector('simple', words)) stored,
  primary key (negotiation, aggregate, version)
);
create index if not exists restricted_view on restricted (negotiation, view, id);
create table if not exists restricted_positions (
  topic text not null,
  partition integer not null,
  position bigint not null,
  primary key (topic, partition)
);
-- Where an event cannot be applied, so that every instance can tell that there is one. Before the position it is over.
create table if not exists restricted_stopped (
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  primary key (topic, partition)
);
