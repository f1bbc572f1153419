import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenSsh, openSshMissing, startOpenSsh } from '../support/openssh.ts';
import { requirePeer } from '../support/peer.ts';
import { type PostgresServer, postgresMissing, postgresServer } from '../support/postgres.ts';
import { type RabbitMq, rabbitMqMissing, startRabbitMq } from '../support/rabbitmq.ts';
import { seedOfRun } from '../support/seed.ts';
import { tempDirectory } from '../support/temp-directory.ts';
import { dayMatrix } from './day-matrix.ts';
import { realGateway } from './gateways.ts';

const seed = seedOfRun();
const missing = (): string | undefined => openSshMissing() ?? rabbitMqMissing() ?? postgresMissing();

requirePeer('OpenSSH, RabbitMQ and PostgreSQL at once', missing, () => {
  let ssh: OpenSsh;
  let broker: RabbitMq;
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await postgresServer(tempDirectory('day-postgres', afterAll));
    await postgres.start();
    ssh = await startOpenSsh();
    broker = await startRabbitMq({ queues: ['settlement-status'] });
  }, 180_000);
  afterAll(async () => {
    await broker?.stop();
    await ssh?.stop();
    await postgres?.stop();
  });

  test(`killed over FIX, files and queue at once, the days end as they were (seed ${seed})`, {
    timeout: 120_000,
  }, async () => {
    const { kills, problems } = await dayMatrix({
      seed,
      executions: 2_000,
      place: tempDirectory('days'),
      ssh,
      broker,
      queue: 'settlement-status',
      ledger: { url: postgres.url, schema: 'days' },
      start: realGateway,
    });
    process.stderr.write(`day matrix: seed ${seed}, ${kills.length} kills at ${kills.join(', ')} entries\n`);
    expect(problems).toEqual([]);
    expect(kills.length).toBeGreaterThan(3);
    expect(new Set(kills).size).toBeGreaterThan(2);
  });
});
