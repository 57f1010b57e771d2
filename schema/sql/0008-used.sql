-- Lineage asks of every output of a run who used its content. What half of all runs print is the output of half a million and the input of
-- none: files_by_content would read all of them to say so. This index holds only what was used: 0 used, 2 stdin.
create index files_used_by_content on files (content_id, log_index) where content_id is not null and role in (0, 2);
