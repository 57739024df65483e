-- Written for the tests: rows in the application's own tables, some of which refer to file_entries.
UPDATE file_entries SET release_name = 'L.été', tag_ids = '["10"]', approved_by = '' WHERE id = 1;
