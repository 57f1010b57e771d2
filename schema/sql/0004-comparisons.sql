-- Replays are compared by content too, and may be the author's own second run.

alter table replays add column agreement text  -- the worst result of the outputs that decide; null when nothing was compared
  check (agreement in ('identical', 'same-content', 'within-tolerance', 'differs', 'missing', 'unexpected', 'not-comparable'));
alter table replays add column noise_floor integer not null default 0 -- 1 for the author's second run, which is no replication
  check (noise_floor in (0, 1));

create table comparisons_new (
  log_index integer not null references replays,
  position integer not null,
  name text not null,                        -- path in the container, stdout, stderr or exit status
  result text not null check (result in (
    'identical', 'same-content', 'within-tolerance', 'differs', 'missing', 'unexpected', 'not-comparable')),
  decides integer not null check (decides in (0, 1)),
  first_difference integer,                  -- offset in bytes, from 0
  primary key (log_index, position)
) strict, without rowid;
insert into comparisons_new select log_index, position, name, result, decides, first_difference from comparisons;
drop table comparisons;
alter table comparisons_new rename to comparisons;
create index comparisons_by_result on comparisons (result, log_index);
