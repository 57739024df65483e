-- migrate:up
ALTER TABLE file_entries ADD COLUMN scanned_at DATETIME;
ALTER TABLE file_entries ADD COLUMN analyzed_at DATETIME;
ALTER TABLE file_entries ADD COLUMN renamed_at DATETIME;
ALTER TABLE file_entries ADD COLUMN metadata_generated_at DATETIME;
ALTER TABLE file_entries ADD COLUMN uploaded_at DATETIME;
CREATE INDEX idx_file_entries_scanned_at ON file_entries (scanned_at);
CREATE INDEX idx_file_entries_uploaded_at ON file_entries (uploaded_at);

-- migrate:down
DROP INDEX idx_file_entries_uploaded_at;
DROP INDEX idx_file_entries_scanned_at;
ALTER TABLE file_entries DROP COLUMN uploaded_at;
ALTER TABLE file_entries DROP COLUMN metadata_generated_at;
ALTER TABLE file_entries DROP COLUMN renamed_at;
ALTER TABLE file_entries DROP COLUMN analyzed_at;
ALTER TABLE file_entries DROP COLUMN scanned_at;
