/** Tables of the book. Rows are written once; what ends or is taken back names the offset at which that happened. */
export const bookTables = `
  CREATE TABLE book_facts (
    since INTEGER NOT NULL, number INTEGER NOT NULL, until INTEGER, event_id TEXT NOT NULL, type TEXT NOT NULL,
    perspective TEXT NOT NULL, date TEXT NOT NULL, source INTEGER NOT NULL, place INTEGER NOT NULL,
    moves INTEGER NOT NULL, unbooked TEXT, replaced_at INTEGER, ended_at INTEGER, booked INTEGER NOT NULL,
    PRIMARY KEY (since, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX book_facts_event ON book_facts (event_id);
  CREATE INDEX book_facts_type ON book_facts (perspective, type, date);
  CREATE INDEX book_facts_moves ON book_facts (moves) WHERE moves = 1;

  CREATE TABLE book_movements (
    offset INTEGER NOT NULL, number INTEGER NOT NULL, sign INTEGER NOT NULL, because TEXT NOT NULL, kind TEXT NOT NULL,
    event_id TEXT NOT NULL, business_key TEXT, source INTEGER NOT NULL, account TEXT NOT NULL, security TEXT NOT NULL,
    symbol TEXT, quantity TEXT NOT NULL, currency TEXT NOT NULL, cash TEXT NOT NULL, charges TEXT NOT NULL,
    trade_date TEXT NOT NULL, settlement_date TEXT NOT NULL, computed INTEGER NOT NULL, PRIMARY KEY (offset, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX book_movements_position ON book_movements (account, security);

  CREATE TABLE book_totals (
    kind TEXT NOT NULL, account TEXT NOT NULL, unit TEXT NOT NULL, trade_date TEXT NOT NULL,
    settlement_date TEXT NOT NULL, amount TEXT NOT NULL, PRIMARY KEY (kind, account, unit, trade_date, settlement_date)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE book_symbols (security TEXT PRIMARY KEY, symbol TEXT NOT NULL, ours INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;

  CREATE TABLE book_reported (
    offset INTEGER NOT NULL, place INTEGER NOT NULL, event_id TEXT NOT NULL, channel TEXT NOT NULL, snapshot TEXT NOT NULL,
    kind TEXT NOT NULL, account TEXT NOT NULL, account_type TEXT, security TEXT NOT NULL, symbol TEXT, basis TEXT NOT NULL,
    amount TEXT NOT NULL, currency TEXT, price TEXT, value TEXT, page INTEGER, report_id TEXT, voided_by INTEGER,
    PRIMARY KEY (offset, place)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX book_reported_snapshot ON book_reported (channel, snapshot, kind);

  CREATE TABLE book_snapshots (
    offset INTEGER NOT NULL, place INTEGER NOT NULL, event_id TEXT NOT NULL, channel TEXT NOT NULL, snapshot TEXT NOT NULL,
    kind TEXT NOT NULL, perspective TEXT NOT NULL, reported_by TEXT, business_date TEXT, as_of TEXT, cut_at TEXT,
    cut_zone TEXT, cycle TEXT, completeness TEXT, rows INTEGER, basis TEXT, pages INTEGER, report_id TEXT,
    voided_by INTEGER, PRIMARY KEY (offset, place)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX book_snapshots_name ON book_snapshots (channel, snapshot, kind);

  CREATE TABLE book_baselines (
    offset INTEGER NOT NULL, place INTEGER NOT NULL, event_id TEXT NOT NULL, channel TEXT NOT NULL, snapshot TEXT NOT NULL,
    cash_channel TEXT, cash_snapshot TEXT, as_of TEXT NOT NULL, cut_at INTEGER, approved_by TEXT, reason TEXT,
    voided_by INTEGER, PRIMARY KEY (offset, place)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE book_openings (
    offset INTEGER PRIMARY KEY, baseline INTEGER NOT NULL, place INTEGER NOT NULL, until INTEGER
  ) STRICT;
`;
