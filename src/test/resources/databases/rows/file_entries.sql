-- Written for the tests: awkward text, NULLs where they may be.
INSERT INTO file_entries (id, file_path, status, error_message, created_at, updated_at) VALUES
  (1, '/média/l''été 100%.mkv', 'PENDING', NULL, '2024-01-01 00:00:00', '2024-01-01 00:00:00.123456'),
  (2, '/m/"quoted"; DROP TABLE tags;--.mkv', 'FAILED', '', '2024-02-29 23:59:59', '2024-03-01 00:00:00'),
  (2147483647, '/z', 'UPLOADED', 'line
break ✓', '1999-12-31 23:59:59', '2038-01-19 03:14:08');
