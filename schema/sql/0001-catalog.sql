-- The catalog: an index over the signed records, kept in catalog.db (SQLite 3.37 or later). It holds nothing that the log and the
-- blobs do not hold; `prov archive reindex` makes it anew, with the same rows. See schema/FORMAT.d/archive.md.
--
-- Conventions: digests are blobs of their raw bytes (SHA-256: 32). Times are milliseconds since 1970-01-01T00:00:00Z. Sizes are bytes.
-- A record is known inside the catalog by its place in the log, from 0, which is the same in every rebuilt catalog.

create table catalog_state (
  id integer primary key check (id = 1),
  log_size integer not null,                 -- entries of the log that are applied here
  log_root blob not null                     -- root hash of the log at that size: a catalog of another log is refused
    check (length(log_root) = 32)
) strict;
-- RFC 6962: the root of a log with no entry is the SHA-256 of nothing.
insert into catalog_state values (1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

-- One row per entry of the log whose blobs could be read.
create table records (
  log_index integer primary key,             -- place in the log, from 0
  digest blob not null unique                -- SHA-256 of the statement: the record's name
    check (length(digest) = 32),
  kind text not null check (kind in ('image', 'run', 'replay')),
  statement_bytes integer not null,
  signature blob not null                    -- SHA-256 of the detached signature
    check (length(signature) = 32),
  signer_certificate blob                    -- SHA-256 of the certificate that signed; null when the signature could not be read
    check (length(signer_certificate) = 32),
  signer_name text,                          -- as the certificate names its subject
  signed_at integer                          -- as the signer claims
) strict;
create index records_by_kind on records (kind, log_index);
create index records_by_signer on records (signer_certificate, log_index) where signer_certificate is not null;

-- What of the log could not be taken in, so that nothing is skipped in silence. A record may be in records too when only one of
-- its lists is missing.
create table problems (
  log_index integer not null,
  position integer not null,
  digest blob check (length(digest) = 32),   -- the record; null when the entry could not be read
  reason text not null,                      -- one sentence
  primary key (log_index, position)
) strict, without rowid;
create index problems_by_digest on problems (digest) where digest is not null;

create table images (
  log_index integer primary key references records,
  manifest blob not null check (length(manifest) = 32),
  image_index blob check (length(image_index) = 32),
  config blob not null check (length(config) = 32),
  tree blob not null check (length(tree) = 32),
  os text not null,
  architecture text not null,
  variant text,
  packing text not null,
  entries integer not null,                  -- of the tree
  unpacked_bytes integer not null
) strict;
create index images_by_manifest on images (manifest);
create index images_by_index on images (image_index) where image_index is not null;
create index images_by_config on images (config);
create index images_by_tree on images (tree);

create table image_layers (
  log_index integer not null references images,
  position integer not null,                 -- from the lowest, 0
  digest blob not null check (length(digest) = 32),
  diff_id blob not null check (length(diff_id) = 32),
  bytes integer not null,                    -- as stored, compressed or not
  primary key (log_index, position)
) strict, without rowid;
create index image_layers_by_digest on image_layers (digest);
create index image_layers_by_diff_id on image_layers (diff_id);

create table runs (
  log_index integer primary key references records,
  image_reference text not null,             -- as the user named it
  image_manifest blob not null check (length(image_manifest) = 32),
  image_tree blob not null check (length(image_tree) = 32),
  image_record blob not null check (length(image_record) = 32),
  program text not null,                     -- argv[0]
  command text not null,                     -- argv quoted for a shell, the first 4096 characters; the record has all
  working_folder text not null,
  user_name text not null,
  uid integer not null,
  gid integer not null,
  network text not null,
  exit_code integer,                         -- null when a signal ended the job
  signal integer,
  started_at integer not null,
  ended_at integer not null,
  wall_milliseconds integer not null,
  user_cpu_milliseconds integer not null,
  system_cpu_milliseconds integer not null,
  peak_memory_bytes integer not null,
  used_count integer not null,
  used_bytes integer not null,
  generated_count integer not null,
  generated_bytes integer not null,
  observation text not null,                 -- how files were observed
  replay_of blob check (length(replay_of) = 32)
) strict;
create index runs_by_started_at on runs (started_at, log_index);
create index runs_by_image_reference on runs (image_reference, log_index);
create index runs_by_image_manifest on runs (image_manifest, log_index);
create index runs_by_image_tree on runs (image_tree, log_index);
create index runs_by_image_record on runs (image_record, log_index);
create index runs_by_program on runs (program, log_index);
create index runs_by_replay_of on runs (replay_of, log_index) where replay_of is not null;

-- Text that people search by any three letters of it.
create virtual table run_text using fts5 (
  command, image_reference, working_folder,
  content = 'runs', content_rowid = 'log_index', tokenize = 'trigram'
);

create table labels (
  log_index integer not null references runs,
  name text not null,
  value text not null,
  primary key (log_index, name, value)
) strict, without rowid;
create index labels_by_name on labels (name, value, log_index);

-- Kinds of processor, each once: thousands of runs share one, and its hundred features.
create table cpus (
  cpu_id integer primary key,                -- in the order the log first has them
  digest blob not null unique                -- SHA-256 over the columns and features, see CpuKey
    check (length(digest) = 32),
  architecture text not null,
  level text,                                -- v1 to v4, or the Arm version
  microarchitecture text,                    -- as archspec names it
  vendor text not null,
  brand text not null,
  family integer not null,
  model integer not null,
  stepping integer not null
) strict;
create index cpus_by_microarchitecture on cpus (microarchitecture);
create index cpus_by_vendor on cpus (vendor, family, model);

create table cpu_features (
  cpu_id integer not null references cpus,
  feature text not null,                     -- as /proc/cpuinfo names it
  primary key (cpu_id, feature)
) strict, without rowid;
create index cpu_features_by_feature on cpu_features (feature, cpu_id);

-- The machines of a run, one row per node; of a replay, its one machine.
create table hosts (
  log_index integer not null references records,
  node integer not null,                     -- from 0
  hostname text not null,
  cpu_id integer not null references cpus,
  microcode text,
  sockets integer not null,
  cores integer not null,
  threads integer not null,
  memory_bytes integer not null,
  page_bytes integer not null,
  kernel_release text not null,
  os_id text not null,
  os_version text,
  libc text,
  libc_version text,
  hypervisor text,
  container_runtime text,
  scheduler text,
  scheduler_job text,
  primary key (log_index, node)
) strict, without rowid;
create index hosts_by_hostname on hosts (hostname, log_index);
create index hosts_by_cpu on hosts (cpu_id, log_index);
create index hosts_by_kernel on hosts (kernel_release, log_index);
create index hosts_by_job on hosts (scheduler_job, log_index) where scheduler_job is not null;

create table host_gpus (
  log_index integer not null,
  node integer not null,
  position integer not null,
  vendor text not null,
  model text not null,
  pci_id text not null,
  driver_version text,
  primary key (log_index, node, position),
  foreign key (log_index, node) references hosts
) strict, without rowid;
create index host_gpus_by_model on host_gpus (model, log_index);

create table host_modules (
  log_index integer not null,
  node integer not null,
  position integer not null,
  module text not null,                      -- as LOADEDMODULES lists it
  primary key (log_index, node, position),
  foreign key (log_index, node) references hosts
) strict, without rowid;
create index host_modules_by_module on host_modules (module, log_index);

-- Paths and contents, each once: the same inputs stand in the lists of many runs.
create table paths (
  path_id integer primary key,               -- in the order the log first has them
  path text not null unique,                 -- absolute, in the container
  name text not null                         -- what follows the last slash
) strict;
create index paths_by_name on paths (name);

create table contents (
  content_id integer primary key,            -- in the order the log first has them
  sha256 blob not null check (length(sha256) = 32),
  sha512 blob check (length(sha512) = 64),
  sha1 blob check (length(sha1) = 20),
  md5 blob check (length(md5) = 16)
) strict;
create index contents_by_sha256 on contents (sha256);
create index contents_by_sha512 on contents (sha512) where sha512 is not null;
create index contents_by_sha1 on contents (sha1) where sha1 is not null;
create index contents_by_md5 on contents (md5) where md5 is not null;

create table files (
  log_index integer not null references runs,
  role integer not null                      -- 0 used, 1 generated, 2 stdin, 3 stdout, 4 stderr, 5 injected
    check (role between 0 and 5),
  position integer not null,                 -- in the record's list, from 0
  path_id integer not null references paths, -- of a stream: stdin, stdout, stderr
  content_id integer references contents,    -- null when not hashed, deleted, or no regular file
  kind text not null,                        -- file, folder, link, fifo, socket, device
  change text,                               -- created, changed or deleted; null unless generated
  bytes integer not null,
  kept integer not null check (kept in (0, 1)),
  primary key (log_index, role, position)
) strict, without rowid;
create index files_by_content on files (content_id, log_index) where content_id is not null;
create index files_by_path on files (path_id, log_index);

-- Host files put into a container. Each stands in files too, with role 5 and the same position.
create table injected (
  log_index integer not null references runs,
  position integer not null,
  host_path text not null,
  host_name text not null,                   -- what follows the last slash
  container_path text not null,
  soname text,
  build_id text,                             -- lowercase hex
  reason text not null,
  primary key (log_index, position)
) strict, without rowid;
create index injected_by_soname on injected (soname, log_index) where soname is not null;
create index injected_by_host_path on injected (host_path, log_index);
create index injected_by_host_name on injected (host_name, log_index);
create index injected_by_build_id on injected (build_id, log_index) where build_id is not null;

create table injected_versions (
  log_index integer not null,
  position integer not null,
  direction text not null check (direction in ('provided', 'needed')),
  version text not null,                     -- GLIBC_2.34; of a needed one libc.so.6:GLIBC_2.34
  primary key (log_index, position, direction, version),
  foreign key (log_index, position) references injected
) strict, without rowid;
create index injected_versions_by_version on injected_versions (version, log_index);

create table replays (
  log_index integer primary key references records,
  run blob not null check (length(run) = 32), -- the record of the run; it need not be in this archive
  verdict text not null check (verdict in ('reproduced', 'differs', 'failed', 'refused')),
  reason text,
  assessed text not null check (assessed in ('ok', 'warn', 'refuse')),
  forced integer not null check (forced in (0, 1)),
  exit_code integer,
  signal integer,
  started_at integer,                        -- null when the job never started
  wall_milliseconds integer
) strict;
create index replays_by_run on replays (run, log_index);
create index replays_by_verdict on replays (verdict, log_index);

create table comparisons (
  log_index integer not null references replays,
  position integer not null,
  name text not null,                        -- path in the container, stdout, stderr or exit status
  result text not null check (result in ('identical', 'differs', 'missing', 'unexpected', 'not-comparable')),
  decides integer not null check (decides in (0, 1)),
  first_difference integer,                  -- offset in bytes, from 0
  primary key (log_index, position)
) strict, without rowid;
create index comparisons_by_result on comparisons (result, log_index);
