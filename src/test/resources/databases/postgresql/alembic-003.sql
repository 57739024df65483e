-- What revision 003 of Seedarr's Alembic scripts adds on PostgreSQL: written from
-- information_schema.columns and pg_indexes after `alembic upgrade`.
CREATE TABLE tags (
  id SERIAL NOT NULL,
  tag_id VARCHAR(50) NOT NULL,
  label VARCHAR(200) NOT NULL,
  category VARCHAR(100),
  description VARCHAR(500),
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (id));
CREATE INDEX idx_tags_label ON tags (label);
CREATE UNIQUE INDEX idx_tags_tag_id ON tags (tag_id);
CREATE INDEX idx_tags_updated_at ON tags (updated_at);
