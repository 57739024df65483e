-- Written for the tests.
UPDATE file_entries SET scanned_at = '2024-01-02 03:04:05.678901', uploaded_at = '2024-01-03 00:00:00' WHERE id = 2147483647;
