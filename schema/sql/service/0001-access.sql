-- What a served archive knows beside its records: who may write to it and read what, and what registries' clients have left here. Kept in
-- service.db (SQLite 3.37 or later). Unlike the catalog it cannot be made anew from anything. See schema/FORMAT.d/access.md.
--
-- Conventions: digests are blobs of their raw bytes (SHA-256: 32). Times are milliseconds since 1970-01-01T00:00:00Z. Sizes are bytes.

create table tokens (
  token_id integer primary key,
  hash blob not null unique                  -- SHA-256 of the token's text, which is nowhere kept
    check (length(hash) = 32),
  label text not null,
  owner text not null,                       -- whose they are: what arrives by the token is his
  scopes text not null,                      -- of read, push and admin, with a space between
  is_private integer not null                -- 1: what arrives by it is restricted to its owner, unless it says otherwise
    check (is_private in (0, 1)),
  created_at integer not null,
  expires_at integer,                        -- null for never
  used_at integer,                           -- to the hour
  revoked_at integer
) strict;

-- Records that not everybody may read over the web.
create table restrictions (
  record blob not null                       -- SHA-256 of the statement, which need not have arrived yet, or of a pushed manifest
    check (length(record) = 32),
  owner text not null,                       -- who may read it meanwhile; empty for nobody but administrators
  public_at integer,                         -- from then on everybody may; null for never
  set_at integer not null,
  primary key (record, owner)                -- several may have sent it: each reads it
) strict, without rowid;

-- Links for reviewers: whoever has one reads these records, without names.
create table reviews (
  review_id integer primary key,
  hash blob not null unique check (length(hash) = 32),
  label text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer
) strict;

create table reviewed (
  review_id integer not null references reviews,
  record blob not null check (length(record) = 32),
  primary key (review_id, record)
) strict, without rowid;

-- How much somebody may keep here, and keeps.
create table quotas (
  owner text primary key,
  max_bytes integer not null
) strict, without rowid;

-- Manifests that clients pushed, as they came. An image among them is imported besides, and then has a record.
create table manifests (
  repository text not null,
  digest blob not null check (length(digest) = 32),
  media_type text not null,
  bytes integer not null,
  artifact_type text,
  subject blob check (length(subject) = 32),
  annotations text,                          -- as a JSON object
  owner text not null,
  is_private integer not null                -- 1: its owner alone reads it; another may have pushed the same for everybody
    check (is_private in (0, 1)),
  public_at integer,                         -- from then on everybody reads it all the same; null for never
  pushed_at integer not null,
  primary key (repository, digest)
) strict, without rowid;
create index manifests_by_subject on manifests (subject, repository) where subject is not null;
create index manifests_by_digest on manifests (digest);

-- What a manifest names, so that it stays.
create table manifest_blobs (
  repository text not null,
  manifest blob not null,
  blob blob not null check (length(blob) = 32),
  bytes integer not null,
  primary key (repository, manifest, blob),
  foreign key (repository, manifest) references manifests (repository, digest) on delete cascade
) strict, without rowid;
create index manifest_blobs_by_blob on manifest_blobs (blob);

create table tags (
  repository text not null,
  tag text not null,
  digest blob not null check (length(digest) = 32),
  owner text not null,
  moved_at integer not null,
  primary key (repository, tag)
) strict, without rowid;
