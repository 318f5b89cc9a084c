-- Logging in was said to be slow. (The unique constraint of 002 has the same index already.)
CREATE INDEX IF NOT EXISTS idx_users_email ON users (email);
