-- What revision 001 of Seedarr's Alembic scripts makes of v1's file_entries on SQLite: the text in sqlite_master after `alembic upgrade`.
CREATE TABLE file_entries (
	id INTEGER NOT NULL, file_path VARCHAR(1000) NOT NULL, status VARCHAR(18) NOT NULL, error_message TEXT,
	created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, scanned_at DATETIME, analyzed_at DATETIME, renamed_at DATETIME, metadata_generated_at DATETIME, uploaded_at DATETIME, PRIMARY KEY (id), UNIQUE (file_path));
CREATE INDEX idx_file_entries_scanned_at ON file_entries (scanned_at);
CREATE INDEX idx_file_entries_uploaded_at ON file_entries (uploaded_at);
