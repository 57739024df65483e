-- Written for the tests: rows in the application's own tables, some of which refer to file_entries.
INSERT INTO settings (id, tracker_url, hardlink_enabled, created_at, updated_at)
  VALUES (1, 'https://tracker.example/?a=b', TRUE, '2024-01-01 00:00:00', '2024-01-01 00:00:00');
INSERT INTO trackers (id, name, slug, tracker_url, created_at, updated_at)
  VALUES (5, 'C', 'c', '', '2024-01-01 00:00:00', '2024-01-01 00:00:00');
INSERT INTO c411_categories (id, tracker_id, category_id, name, synced_at) VALUES (1, 5, '1', 'Films', '2024-01-01 00:00:00');
INSERT INTO processing_queue
  (id, file_entry_id, priority, status, attempts, max_attempts, skip_approval, added_at, updated_at)
  VALUES (1, 1, 'NORMAL', 'PENDING', 0, 3, 0, '2024-01-01 00:00:00', '2024-01-01 00:00:00');
