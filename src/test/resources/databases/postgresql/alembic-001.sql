-- What revision 001 of Seedarr's Alembic scripts makes of v1's file_entries on PostgreSQL: written from
-- information_schema.columns and pg_indexes after `alembic upgrade`.
CREATE TYPE status AS ENUM ('PENDING', 'SCANNED', 'ANALYZED', 'PENDING_APPROVAL', 'APPROVED', 'PREPARING', 'RENAMED',
  'METADATA_GENERATED', 'UPLOADED', 'FAILED');
CREATE TABLE file_entries (
  id SERIAL NOT NULL,
  file_path VARCHAR(1000) NOT NULL,
  status status NOT NULL,
  error_message TEXT,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  scanned_at TIMESTAMP WITHOUT TIME ZONE,
  analyzed_at TIMESTAMP WITHOUT TIME ZONE,
  renamed_at TIMESTAMP WITHOUT TIME ZONE,
  metadata_generated_at TIMESTAMP WITHOUT TIME ZONE,
  uploaded_at TIMESTAMP WITHOUT TIME ZONE,
  PRIMARY KEY (id),
  UNIQUE (file_path));
CREATE INDEX idx_file_entries_scanned_at ON file_entries (scanned_at);
CREATE INDEX idx_file_entries_uploaded_at ON file_entries (uploaded_at);
