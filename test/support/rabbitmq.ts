import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QueueOptionsInput, queue as queueAdapter } from '../../adapters/queue/index.ts';
import type { MessageSource } from '../../src/contract/source.ts';
import { type Child, runChild, startChild } from './child.ts';
import { descendants, signalAll } from './descendants.ts';
import { freePort } from './free-port.ts';

/** Debian's own wrapper changes the user and the place of everything: these are the scripts behind it. */
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server';
const control = '/usr/lib/rabbitmq/bin/rabbitmqctl';
const epmd = '/usr/bin/epmd';
const startMs = 120_000;
const startsMax = 5;

export interface RabbitMqOptions {
  /** Durable queues. What a consumer rejects goes to `NAME.dead`, which is made with it. */
  readonly queues: readonly string[];
  /** Default: `classic`. */
  readonly type?: 'classic' | 'quorum';
  /** PEM files for TLS on a port of its own. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

export interface QueuedMessage {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Debian's RabbitMQ with its AMQP 1.0 plugin, on 127.0.0.1, with a node, a database and an epmd of its own. */
export interface RabbitMq {
  readonly port: number;
  readonly tlsPort: number;
  readonly username: string;
  readonly password: string;
  /** The AMQP 1.0 address of a queue. */
  address(queue: string): string;
  /** Messages that wait or are out for delivery. Asks the broker: takes some seconds. */
  depth(queue: string): Promise<number>;
  /** Puts messages into a queue, each accepted by the broker. */
  fill(queue: string, messages: readonly QueuedMessage[]): Promise<void>;
  /** Takes out everything that waits there now, and says which ids it had, in order. */
  drain(queue: string): Promise<readonly (string | undefined)[]>;
  /** Ends it at once, as a power cut of the process would. */
  kill(): Promise<void>;
  /** Stops it where it stands, and lets it go on. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on its port, with what its disk holds. */
  restart(): Promise<void>;
  /** Ends it and its epmd, and removes everything of it. */
  stop(): Promise<void>;
}

/** Why RabbitMQ cannot be used here; nothing where it can. */
export function rabbitMqMissing(): string | undefined {
  return existsSync(server) && existsSync(epmd)
    ? undefined
    : `${server} is not here: apt-get install rabbitmq-server`;
}

/** Starts a broker. Stop it when the test is over. */
export async function startRabbitMq(options: RabbitMqOptions): Promise<RabbitMq> {
  const home = mkdtempSync(join(tmpdir(), 'clearport-rabbitmq-'));
  const username = 'clearport';
  const password = randomBytes(12).toString('hex');
  const names = await startEpmd();
  const ports = await portsOf(names.port);
  const env = environment(home, ports);
  writeFiles(home, ports, options, username, password);
  const start = async (): Promise<Child> => {
    const child = startChild(server, [], { cwd: home, env });
    await child.waitFor(/completed with \d+ plugins/, startMs);
    await untilListening(ports.amqp);
    return child;
  };
  let child = await start();
  const processes = (): readonly number[] => descendants(child.pid);
  // The script that started the broker lives on for a moment, and takes its leave of it.
  const kill = async (): Promise<void> => {
    signalAll(processes(), 'SIGKILL');
    await child.stop();
  };
  return {
    port: ports.amqp,
    tlsPort: ports.tls,
    username,
    password,
    address: addressOf,
    depth: (queue) => depthOf(queue, home, env),
    fill: (queue, messages) => fill({ port: ports.amqp, username, password }, queue, messages),
    drain: async (queue) => {
      const waiting = await depthOf(queue, home, env);
      return drain({ port: ports.amqp, username, password }, queue, waiting);
    },
    kill,
    freeze: () => signalAll(processes(), 'SIGSTOP'),
    thaw: () => signalAll(processes(), 'SIGCONT'),
    restart: async () => {
      child = await start();
    },
    stop: async () => {
      await kill();
      await names.child.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface Login {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

function addressOf(queue: string): string {
  return `/amq/queue/${queue}`;
}

async function depthOf(queue: string, home: string, env: Readonly<Record<string, string>>): Promise<number> {
  const told = await runChild(control, ['-q', 'list_queues', 'name', 'messages'], { cwd: home, env });
  const row = told.stdout.split('\n').find((line) => line.split('\t')[0] === queue);
  if (row === undefined) throw new Error(`no depth of ${queue}: ${told.stdout} ${told.stderr}`);
  return Number(row.split('\t')[1]);
}

async function fill(login: Login, queue: string, messages: readonly QueuedMessage[]): Promise<void> {
  const target = await openQueue({ ...login, target: addressOf(queue) });
  await Promise.all(messages.map(({ id, bytes, properties }) => target.produce(id, bytes, properties ?? {})));
  await target.close();
}

async function drain(login: Login, queue: string, count: number): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  if (count === 0) return ids;
  const source = await openQueue({ ...login, source: addressOf(queue) });
  for await (const delivered of source.deliveries(new AbortController().signal)) {
    ids.push(delivered.id);
    await delivered.accept();
    if (ids.length === count) break;
  }
  await source.close();
  return ids;
}

function openQueue(options: Omit<QueueOptionsInput, 'host'>): Promise<MessageSource> {
  return queueAdapter.open(queueAdapter.options.parse({ host: '127.0.0.1', ...options }));
}

interface Ports {
  readonly epmd: number;
  readonly amqp: number;
  readonly tls: number;
  readonly distribution: number;
}

async function portsOf(names: number): Promise<Ports> {
  return { epmd: names, amqp: await freePort(), tls: await freePort(), distribution: await freePort() };
}

/** An epmd of our own, as our own child: one that the broker starts by itself would stay behind. */
async function startEpmd(): Promise<{ readonly child: Child; readonly port: number }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    const child = startChild(epmd, ['-port', String(port), '-address', '127.0.0.1']);
    try {
      await untilListening(port, () => child.process.exitCode !== null);
      return { child, port };
    } catch (cause) {
      await child.stop();
      if (tries === startsMax) throw cause;
    }
  }
}

function environment(home: string, ports: Ports): Readonly<Record<string, string>> {
  return {
    HOME: home,
    RABBITMQ_NODENAME: `clearport-${ports.amqp}@localhost`,
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}

function writeFiles(
  home: string,
  ports: Ports,
  options: RabbitMqOptions,
  username: string,
  password: string,
): void {
  const { tls } = options;
  const secure = tls && [
    `listeners.ssl.default = 127.0.0.1:${ports.tls}`,
    `ssl_options.cacertfile = ${tls.ca}`,
    `ssl_options.certfile = ${tls.cert}`,
    `ssl_options.keyfile = ${tls.key}`,
    'ssl_options.verify = verify_none',
  ];
  const lines = [
    `listeners.tcp.default = 127.0.0.1:${ports.amqp}`,
    ...(secure ?? []),
    `load_definitions = ${join(home, 'definitions.json')}`,
    // A test machine may have little room: the broker would take nothing more.
    'disk_free_limit.absolute = 1MB',
    '',
  ];
  writeFileSync(join(home, 'rabbitmq.conf'), lines.join('\n'));
  writeFileSync(join(home, 'enabled_plugins'), '[rabbitmq_amqp1_0].');
  writeFileSync(join(home, 'definitions.json'), JSON.stringify(definitions(options, username, password)));
}

function definitions(options: RabbitMqOptions, name: string, password: string): unknown {
  const queue = (queueName: string, dead: boolean): unknown => ({
    name: queueName,
    vhost: '/',
    durable: true,
    auto_delete: false,
    arguments: {
      'x-queue-type': options.type ?? 'classic',
      ...(dead && { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': `${queueName}.dead` }),
    },
  });
  return {
    users: [
      {
        name,
        password_hash: hashOf(password),
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: '',
      },
    ],
    vhosts: [{ name: '/' }],
    permissions: [{ user: name, vhost: '/', configure: '.*', write: '.*', read: '.*' }],
    queues: options.queues.flatMap((one) => [queue(one, true), queue(`${one}.dead`, false)]),
  };
}

/** Source: RabbitMQ documentation, "Credentials and Passwords", Computing Password Hash. */
function hashOf(password: string): string {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

async function untilListening(port: number, over: () => boolean = () => false): Promise<void> {
  for (const until = performance.now() + 10_000; ; ) {
    if (await connects(port)) return;
    if (over() || performance.now() > until) throw new Error(`nobody listens on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
