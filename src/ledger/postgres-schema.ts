import pg from 'pg';

/** What is made last: where it stands, the ledger is made. */
export function viewName(schema: string): string {
  return `${pg.escapeIdentifier(schema)}.balance`;
}

/**
 * The tables of the ledger, all of them or none; running it again changes nothing. A schema that is there already needs
 * no right to make one. Numbers of any size are exact (`numeric`); the trigger
 * looks at each transaction when it is committed and refuses legs that do not sum to zero in every unit.
 */
export function schemaSql(name: string): string {
  const schema = pg.escapeIdentifier(name);
  // Two connections that make the schema at the same moment would fail each other: the lock makes one wait.
  return `
    SELECT pg_advisory_lock(hashtext('clearport ledger'));
    DO $$ BEGIN
      IF to_regnamespace(${pg.escapeLiteral(schema)}) IS NULL THEN CREATE SCHEMA ${schema}; END IF;
    END $$;
    CREATE TABLE IF NOT EXISTS ${schema}.position (
      tenant text PRIMARY KEY, "offset" bigint NOT NULL, chain text NOT NULL
    );
    CREATE TABLE IF NOT EXISTS ${schema}.transaction (
      tenant text NOT NULL, id text NOT NULL, "offset" bigint NOT NULL, number int NOT NULL, event_id text NOT NULL,
      reverses boolean NOT NULL, because text NOT NULL, date date NOT NULL, settlement_date date NOT NULL, memo text NOT NULL,
      posted_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, id)
    );
    CREATE TABLE IF NOT EXISTS ${schema}.posting (
      tenant text NOT NULL, transaction_id text NOT NULL, line int NOT NULL, account text NOT NULL, unit text NOT NULL,
      amount numeric NOT NULL CHECK (amount <> 0), PRIMARY KEY (tenant, transaction_id, line),
      FOREIGN KEY (tenant, transaction_id) REFERENCES ${schema}.transaction (tenant, id)
    );
    CREATE INDEX IF NOT EXISTS posting_account ON ${schema}.posting (tenant, account, unit);
    CREATE OR REPLACE FUNCTION ${schema}.check_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        wrong text;
        leg ${schema}.posting;
      BEGIN
        IF TG_OP = 'DELETE' THEN leg := OLD; ELSE leg := NEW; END IF;
        SELECT string_agg(unit || ' ' || total, ', ') INTO wrong FROM (
          SELECT unit, sum(amount) AS total FROM ${schema}.posting
          WHERE tenant = leg.tenant AND transaction_id = leg.transaction_id GROUP BY unit HAVING sum(amount) <> 0
        ) AS sums;
        IF wrong IS NOT NULL THEN
          RAISE EXCEPTION 'transaction % does not balance: %', leg.transaction_id, wrong USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
      END $$;
    DO $$ BEGIN
      IF NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgname = 'balanced' AND tgrelid = '${schema.replaceAll("'", "''")}.posting'::regclass
      ) THEN
        CREATE CONSTRAINT TRIGGER balanced AFTER INSERT OR UPDATE OR DELETE ON ${schema}.posting
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ${schema}.check_balanced();
      END IF;
    END $$;
    CREATE OR REPLACE VIEW ${viewName(name)} AS
      SELECT tenant, account, unit, sum(amount) AS amount FROM ${schema}.posting
      GROUP BY tenant, account, unit HAVING sum(amount) <> 0;
    SELECT pg_advisory_unlock(hashtext('clearport ledger'));
  `;
}
