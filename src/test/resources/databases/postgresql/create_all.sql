-- What create_all of the models of Seedarr's newest release makes on PostgreSQL, of the tables that the changelog knows:
-- read back from a run of it, white space aside.
CREATE TYPE status AS ENUM ('PENDING', 'SCANNED', 'ANALYZED', 'PENDING_APPROVAL', 'APPROVED', 'PREPARING', 'RENAMED', 'METADATA_GENERATED', 'UPLOADED', 'FAILED');
CREATE TABLE tmdb_cache (
  id SERIAL NOT NULL, tmdb_id VARCHAR(50) NOT NULL, title VARCHAR(500) NOT NULL, year INTEGER, "cast" JSON, plot TEXT,
  ratings JSON, cached_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, expires_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  extra_data JSON, PRIMARY KEY (id));
CREATE INDEX idx_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
CREATE INDEX idx_tmdb_cache_expires_at ON tmdb_cache (expires_at);
CREATE UNIQUE INDEX ix_tmdb_cache_tmdb_id ON tmdb_cache (tmdb_id);
CREATE INDEX ix_tmdb_cache_expires_at ON tmdb_cache (expires_at);
CREATE TABLE tags (
  id SERIAL NOT NULL, tag_id VARCHAR(50) NOT NULL, label VARCHAR(200) NOT NULL, category VARCHAR(100),
  description VARCHAR(500), updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, PRIMARY KEY (id));
CREATE INDEX idx_tags_label ON tags (label);
CREATE INDEX idx_tags_updated_at ON tags (updated_at);
CREATE INDEX ix_tags_updated_at ON tags (updated_at);
CREATE UNIQUE INDEX ix_tags_tag_id ON tags (tag_id);
CREATE INDEX ix_tags_label ON tags (label);
CREATE INDEX idx_tags_tag_id ON tags (tag_id);
CREATE TABLE file_entries (
  id SERIAL NOT NULL, file_path VARCHAR(1000) NOT NULL, status status NOT NULL, error_message TEXT,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  scanned_at TIMESTAMP WITHOUT TIME ZONE, analyzed_at TIMESTAMP WITHOUT TIME ZONE,
  renamed_at TIMESTAMP WITHOUT TIME ZONE, metadata_generated_at TIMESTAMP WITHOUT TIME ZONE,
  uploaded_at TIMESTAMP WITHOUT TIME ZONE, release_name VARCHAR(500), category_id VARCHAR(50), tag_ids JSON,
  tmdb_id VARCHAR(50), tmdb_type VARCHAR(20), cover_url VARCHAR(1000), description TEXT, torrent_path VARCHAR(1000),
  nfo_path VARCHAR(1000), mediainfo_data JSON, tracker_torrent_id VARCHAR(100), tracker_torrent_url VARCHAR(500),
  torrent_paths JSON, upload_results JSON, tracker_release_names JSON, tracker_statuses JSON,
  duplicate_check_results JSON, approval_requested_at TIMESTAMP WITHOUT TIME ZONE,
  approved_at TIMESTAMP WITHOUT TIME ZONE, preparing_at TIMESTAMP WITHOUT TIME ZONE, approved_by VARCHAR(100),
  corrections JSON, final_release_name VARCHAR(500), release_dir VARCHAR(1000), prepared_media_path VARCHAR(1000),
  screenshot_paths JSON, screenshot_urls JSON, PRIMARY KEY (id), UNIQUE (file_path));
