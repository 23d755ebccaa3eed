-- The offset of the next record to apply, for each partition of parley.timeline; and how many entries were applied.
create table if not exists positions (
  partition integer primary key,
  position bigint not null,
  applied bigint not null default 0
);
-- Tables of before that have no such count begin to count.
do $$ begin
  if not exists (select from information_schema.columns where table_schema = current_schema()
      and table_name = 'positions' and column_name = 'applied') then
    alter table positions add column applied bigint not null default 0;
  end if;
end $$;
