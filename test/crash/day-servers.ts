import { afterAll, beforeAll } from 'vitest';
import { type OpenSsh, openSshMissing, startOpenSsh } from '../support/openssh.ts';
import { requirePeer } from '../support/peer.ts';
import { type PostgresServer, postgresMissing, postgresServer } from '../support/postgres.ts';
import { type RabbitMq, rabbitMqMissing, startRabbitMq } from '../support/rabbitmq.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { type DayMatrixOptions, type DayMatrixOutcome, dayMatrix } from './day-matrix.ts';

/** What one play of the days is given besides the servers. */
export type DayPlay = Omit<DayMatrixOptions, 'place' | 'ssh' | 'broker' | 'queue' | 'ledger'>;

const queue = 'settlement-status';

/** A suite that plays trade days against OpenSSH, RabbitMQ and PostgreSQL: each play with a ledger and a data directory of its own. */
export function withDayServers(suite: (play: (options: DayPlay) => Promise<DayMatrixOutcome>) => void): void {
  const missing = (): string | undefined => openSshMissing() ?? rabbitMqMissing() ?? postgresMissing();
  requirePeer('OpenSSH, RabbitMQ and PostgreSQL at once', missing, () => {
    let ssh: OpenSsh;
    let broker: RabbitMq;
    let postgres: PostgresServer;
    let plays = 0;
    beforeAll(async () => {
      postgres = await postgresServer(tempDirectory('day-postgres', afterAll));
      await postgres.start();
      ssh = await startOpenSsh();
      broker = await startRabbitMq({ queues: [queue] });
    }, 180_000);
    afterAll(async () => {
      await broker?.stop();
      await ssh?.stop();
      await postgres?.stop();
    });
    suite((options) => {
      plays += 1;
      const ledger = { url: postgres.url, schema: `days_${plays}` };
      return dayMatrix({ ...options, place: tempDirectory('days'), ssh, broker, queue, ledger });
    });
  });
}
