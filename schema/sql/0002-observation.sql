-- What the observation of calls adds: how a file was used, where it belongs, and whom and what a job had to do with. All of it is null
-- or absent for a run of which that was not observed.

alter table files add column use text        -- of a used file: present, read, executed or extended
  check (use in ('present', 'read', 'executed', 'extended'));
alter table files add column class text      -- image, injected, system, input, configuration, cache, temporary, output
  check (class in ('image', 'injected', 'system', 'input', 'configuration', 'cache', 'temporary', 'output'));

create table peers (
  log_index integer not null references runs,
  position integer not null,
  family text not null,
  protocol text not null,
  address text not null,
  port integer not null,                     -- 0 where the family has none
  bound integer not null check (bound in (0, 1)),
  contacts integer not null,
  name text,                                 -- of those asked for, the one that has the address
  primary key (log_index, position)
) strict, without rowid;
create index peers_by_address on peers (address, log_index);
create index peers_by_name on peers (name, log_index) where name is not null;

create table asked_names (
  log_index integer not null references runs,
  name text not null,
  primary key (log_index, name)
) strict, without rowid;
create index asked_names_by_name on asked_names (name, log_index);

-- The programs a job started, each once.
create table programs (
  log_index integer not null references runs,
  path_id integer not null references paths,
  starts integer not null,
  primary key (log_index, path_id)
) strict, without rowid;
create index programs_by_path on programs (path_id, log_index);

create table sources (
  log_index integer not null references runs,
  position integer not null,
  folder text not null,                      -- of the work tree, on the host
  commit_hash text,                          -- lowercase hex
  branch text,
  dirty integer check (dirty in (0, 1)),     -- null when git could not tell
  remote text,
  primary key (log_index, position)
) strict, without rowid;
create index sources_by_commit on sources (commit_hash, log_index) where commit_hash is not null;

create table libraries (
  log_index integer not null references runs,
  position integer not null,
  path text not null,                        -- in the container, links resolved
  role text not null,
  hwcaps text,
  sha256 blob check (length(sha256) = 32),
  primary key (log_index, position)
) strict, without rowid;
create index libraries_by_path on libraries (path, log_index);
