-- Which images have a package, and by them which runs had it.

alter table images add column packages blob  -- SHA-256 of the list of packages; null when there is none
  check (length(packages) = 32);
create index images_by_packages on images (packages) where packages is not null;

-- Packages, each once: the same ones are in many images.
create table packages (
  package_id integer primary key,            -- in the order the log first has them
  manager text not null,                     -- dpkg, rpm, apk, conda, pip, spack, easybuild
  name text not null,
  version text not null,
  architecture text not null,                -- empty where the list has none
  build text not null,                       -- empty where the list has none
  unique (name, version, manager, architecture, build)
) strict;

create table image_packages (
  log_index integer not null references images,
  package_id integer not null references packages,
  primary key (log_index, package_id)
) strict, without rowid;
create index image_packages_by_package on image_packages (package_id, log_index);
