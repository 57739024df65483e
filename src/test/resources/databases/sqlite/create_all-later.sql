-- The other tables that create_all of Seedarr's newest release makes on SQLite: read back from the same run.
CREATE TABLE settings (
  id INTEGER NOT NULL, tracker_url VARCHAR(500), tracker_passkey VARCHAR(500), flaresolverr_url VARCHAR(500),
  qbittorrent_host VARCHAR(500), qbittorrent_username VARCHAR(255), qbittorrent_password VARCHAR(500),
  qbittorrent_content_path VARCHAR(1000), tmdb_api_key VARCHAR(500), input_media_path VARCHAR(1000),
  output_dir VARCHAR(1000), torrent_output_dir VARCHAR(1000), hardlink_enabled BOOLEAN,
  hardlink_fallback_copy BOOLEAN, log_level VARCHAR(50), tmdb_cache_ttl_days INTEGER, tag_sync_interval_hours INTEGER,
  imgbb_api_key VARCHAR(200), auto_resume_after_approval BOOLEAN, prowlarr_url VARCHAR(500),
  prowlarr_api_key VARCHAR(200), radarr_url VARCHAR(500), radarr_api_key VARCHAR(200), sonarr_url VARCHAR(500),
  sonarr_api_key VARCHAR(200), tmdb_rate_limit INTEGER, tracker_rate_limit INTEGER, discord_webhook_url VARCHAR(500),
  notification_email VARCHAR(255), smtp_host VARCHAR(255), smtp_port INTEGER, smtp_username VARCHAR(255),
  smtp_password VARCHAR(500), smtp_from VARCHAR(255), smtp_use_tls INTEGER, extra_config TEXT,
  wizard_completed BOOLEAN, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE trackers (
  id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, slug VARCHAR(50) NOT NULL, tracker_url VARCHAR(500) NOT NULL,
  passkey VARCHAR(500), api_key VARCHAR(500), source_flag VARCHAR(50), piece_size_strategy VARCHAR(20),
  announce_url_template VARCHAR(500), adapter_type VARCHAR(50), default_category_id VARCHAR(50),
  default_subcategory_id VARCHAR(50), category_mapping JSON, upload_config JSON, default_template_id INTEGER,
  naming_template VARCHAR(500), hardlink_dir VARCHAR(1000), torrent_dir VARCHAR(1000), inject_to_qbit BOOLEAN,
  requires_cloudflare BOOLEAN, upload_enabled BOOLEAN, priority INTEGER, enabled BOOLEAN,
  created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id), UNIQUE (name), UNIQUE (slug));
CREATE TABLE categories (
  id INTEGER NOT NULL, category_id VARCHAR(50) NOT NULL, name VARCHAR(200) NOT NULL, slug VARCHAR(200),
  description VARCHAR(500), updated_at DATETIME NOT NULL, created_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE INDEX idx_categories_category_id ON categories (category_id);
CREATE INDEX ix_categories_name ON categories (name);
CREATE INDEX idx_categories_name ON categories (name);
CREATE UNIQUE INDEX ix_categories_category_id ON categories (category_id);
CREATE INDEX idx_categories_slug ON categories (slug);
CREATE INDEX ix_categories_slug ON categories (slug);
CREATE TABLE bbcode_templates (
  id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, description VARCHAR(500), content TEXT NOT NULL,
  is_default BOOLEAN NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
  UNIQUE (name));
CREATE TABLE naming_templates (
  id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, description VARCHAR(500), template TEXT NOT NULL,
  is_default BOOLEAN NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
  UNIQUE (name));
CREATE TABLE nfo_templates (
  id INTEGER NOT NULL, name VARCHAR(100) NOT NULL, description VARCHAR(500), content TEXT NOT NULL,
  is_default BOOLEAN NOT NULL, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, PRIMARY KEY (id),
  UNIQUE (name));
CREATE TABLE batch_jobs (
  id INTEGER NOT NULL, name VARCHAR(255), status VARCHAR(50) NOT NULL, file_entry_ids JSON NOT NULL,
  total_count INTEGER NOT NULL, processed_count INTEGER NOT NULL, success_count INTEGER NOT NULL,
  failed_count INTEGER NOT NULL, priority VARCHAR(20) NOT NULL, skip_approval INTEGER NOT NULL,
  max_concurrent INTEGER NOT NULL, results JSON, error_summary TEXT, created_at DATETIME NOT NULL,
  started_at DATETIME, completed_at DATETIME, updated_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE notification_logs (
  id INTEGER NOT NULL, channel VARCHAR(50) NOT NULL, event VARCHAR(50) NOT NULL, recipient VARCHAR(500),
  subject VARCHAR(500), message TEXT, success BOOLEAN NOT NULL, error_message VARCHAR(1000), file_entry_id INTEGER,
  batch_id INTEGER, extra_data JSON, created_at DATETIME NOT NULL, PRIMARY KEY (id));
CREATE TABLE daily_statistics (
  id INTEGER NOT NULL, date DATE NOT NULL, total_uploads INTEGER NOT NULL, successful_uploads INTEGER NOT NULL,
  failed_uploads INTEGER NOT NULL, avg_processing_time_seconds FLOAT, total_processing_time_seconds FLOAT NOT NULL,
  total_bytes_processed INTEGER NOT NULL, created_at DATETIME, updated_at DATETIME, PRIMARY KEY (id));
CREATE UNIQUE INDEX ix_daily_statistics_date ON daily_statistics (date);
CREATE TABLE tracker_statistics (
  id INTEGER NOT NULL, date DATE NOT NULL, tracker_name VARCHAR(100) NOT NULL, total_uploads INTEGER NOT NULL,
  successful_uploads INTEGER NOT NULL, failed_uploads INTEGER NOT NULL, avg_processing_time_seconds FLOAT,
  total_processing_time_seconds FLOAT NOT NULL, created_at DATETIME, updated_at DATETIME, PRIMARY KEY (id));
CREATE INDEX ix_tracker_statistics_tracker_name ON tracker_statistics (tracker_name);
CREATE INDEX ix_tracker_statistics_date ON tracker_statistics (date);
CREATE TABLE c411_categories (
  id INTEGER NOT NULL, tracker_id INTEGER NOT NULL, category_id VARCHAR(50) NOT NULL, name VARCHAR(200) NOT NULL,
  subcategories JSON, synced_at DATETIME NOT NULL, PRIMARY KEY (id),
  FOREIGN KEY(tracker_id) REFERENCES trackers (id));
CREATE TABLE processing_queue (
  id INTEGER NOT NULL, file_entry_id INTEGER NOT NULL, priority VARCHAR(6) NOT NULL, status VARCHAR(10) NOT NULL,
  attempts INTEGER NOT NULL, max_attempts INTEGER NOT NULL, last_error VARCHAR(2000), skip_approval INTEGER NOT NULL,
  added_at DATETIME NOT NULL, started_at DATETIME, completed_at DATETIME, updated_at DATETIME NOT NULL,
  PRIMARY KEY (id), FOREIGN KEY(file_entry_id) REFERENCES file_entries (id));
CREATE INDEX ix_processing_queue_file_entry_id ON processing_queue (file_entry_id);
CREATE INDEX ix_processing_queue_status ON processing_queue (status);
