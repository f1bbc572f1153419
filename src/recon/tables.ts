/** Tables of the comparison. Facts are changed as they stop counting; runs and history are only added to. */
export const reconTables = `
  CREATE TABLE recon_facts (
    event_id TEXT PRIMARY KEY, type TEXT NOT NULL, side TEXT NOT NULL, channel TEXT NOT NULL, date TEXT NOT NULL,
    business_date TEXT NOT NULL, source INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL,
    ended TEXT, ended_at INTEGER, tied TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recon_facts_open ON recon_facts (side, date) WHERE tied IS NULL;
  CREATE INDEX recon_facts_tied ON recon_facts (tied) WHERE tied IS NOT NULL;

  CREATE TABLE recon_described (
    offset INTEGER NOT NULL, security TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (offset, security, other)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recon_symbols (security TEXT PRIMARY KEY, symbol TEXT NOT NULL, ours INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE recon_runs (
    offset INTEGER NOT NULL, number INTEGER NOT NULL, date TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (offset, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recon_breaks (
    id TEXT PRIMARY KEY, status TEXT NOT NULL, cause TEXT NOT NULL, opened_at INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX recon_breaks_status ON recon_breaks (status);

  CREATE TABLE recon_history (
    id TEXT NOT NULL, offset INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, date TEXT NOT NULL,
    what TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, offset, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recon_state (
    one INTEGER PRIMARY KEY, date TEXT NOT NULL, ran_at INTEGER NOT NULL, late INTEGER NOT NULL
  ) STRICT;
  INSERT INTO recon_state (one, date, ran_at, late) VALUES (1, '', 0, 0);
`;
