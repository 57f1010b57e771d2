-- Lineage asks of every input of a run which run made its content. A reference data set may be the input of a million runs and the
-- output of none: files_by_content would read all of them to say so. This index holds only what was made: 1 generated, 3 stdout.
create index files_made_by_content on files (content_id, log_index) where content_id is not null and role in (1, 3);
