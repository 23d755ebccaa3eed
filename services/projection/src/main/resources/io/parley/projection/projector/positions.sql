-- The offset of the next record to apply, for each partition of parley.timeline.
create table if not exists positions (
  partition integer primary key,
  position bigint not null
);
