/** Where the simulated clearing firm listens unless it is told otherwise. */
export const simulatorPort = 9878;

/** What `clearport init` writes: a FIX drop copy, and what else there is as comments (`##` explains), every line explained. */
export function startingConfiguration(): string {
  return `# yaml-language-server: $schema=./clearport.schema.json
# Clearport configuration. \`clearport check\` says what is wrong with it, and where.
version: 1

# Whose data this is. One data directory holds one tenant.
tenant: my-firm

# Directory of the log and its projections, on a local disk. Paths are relative to this file.
data: ./data

firm:
  name: My Firm
  # Your number at the depository. Leading zeros count.
  # participant: "0158"
  # fully-disclosed, omnibus or self-clearing: decides what can tie out between perspectives.
  profile: fully-disclosed

log:
  # trace, debug, info, warn, error, fatal or silent. Secrets and account numbers are masked at every level.
  level: info
  # file: ./clearport.log

# Channels by name. A name never changes: every event carries it for ever.
channels:
  clearer-dropcopy:
    adapter: fix
    # Whose word it is: ours, clearer or street. There is no default; a wrong one makes every comparison worthless.
    perspective: clearer
    reportedBy: CLEARER
    reporterRole: clearing-firm
    # Time zone of the clearing firm's business day.
    zone: America/New_York
    options:
      role: initiator
      host: dropcopy.clearer.example
      port: 9878
      # TLS is on for everything that is not loopback, with the authorities of your system.
      # tls:
      #   ca: \${file:clearer-ca.pem}
      #   cert: \${file:my-firm.pem}
      #   key: \${file:my-firm.key}
      beginString: FIX.4.4
      senderCompId: MYFIRM
      targetCompId: CLEARER
      heartBtInt: 30
      # Secrets are references, never plain text: \${env:NAME} or \${file:path}.
      # username: my-firm
      # password: \${env:CLEARER_PASSWORD}

  # FIX logs that somebody drops into a folder.
  # order-system-logs:
  #   adapter: directory
  #   codec: fix
  #   perspective: ours
  #   files:
  #     framer: fix-log
  #     key: '(?<key>\\d{8})'
  #   options:
  #     path: ./incoming

  ## Record files of the clearing firm over SFTP. The layouts that come with Clearport are examples: write one of your own
  ## from the paper that you hold (docs/records.md), check it with \`clearport layout check\`, and name it here by its path.
  # positions:
  #   adapter: sftp
  #   codec: records:clearing-positions
  #   perspective: clearer
  #   reportedBy: CLEARER
  #   owner: clearing desk
  #   files:
  #     # Of the file's name: which file it is, and the business date that it claims.
  #     key: 'POS\\.(?<date>\\d{8})\\.(?<key>[A-Z]{3})'
  #     # What has to come, and when: \`clearport schedule\` says whether it did.
  #     expect:
  #       - { name: positions-eod, pattern: '\\.EOD', due: "06:30", speaksOf: previous-trading-day }
  #   options:
  #     host: sftp.clearer.example
  #     # \`clearport keys scan HOST\` shows it; compare it with what they tell you by another way.
  #     hostKeys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
  #     username: my-firm
  #     privateKey: \${file:gateway-key}

  ## Settlement statuses (MT548, sese.024) from an AMQP 1.0 queue.
  # settlement-status:
  #   adapter: queue
  #   codec: [iso15022, iso20022]
  #   perspective: clearer
  #   reportedBy: CLEARER
  #   options:
  #     host: queue.clearer.example
  #     source: settlement-status
  #     # username: my-firm
  #     # password: \${env:QUEUE_PASSWORD}
`;
}

/** What `clearport init demo` writes: works with `clearport sim clearing-firm` as it is. */
export function demoConfiguration(settings: { readonly port?: number; readonly data?: string } = {}): string {
  const { port = simulatorPort, data = './.clearport/morning' } = settings;
  return `# yaml-language-server: $schema=./clearport.schema.json
# A demonstration: the drop copy of the simulated clearing firm (\`clearport sim clearing-firm\`).
version: 1
tenant: demo
data: ${data}
firm:
  name: Demo Brokerage
  profile: fully-disclosed
log:
  level: info
channels:
  clearer-dropcopy:
    adapter: fix
    # Whose word it is: here, the clearing firm's.
    perspective: clearer
    reportedBy: SIMCLEAR
    reporterRole: clearing-firm
    zone: America/New_York
    options:
      role: initiator
      host: 127.0.0.1
      port: ${port}
      beginString: FIX.4.4
      senderCompId: DEMOBRKR
      targetCompId: SIMCLEAR
      # Short, because the simulated firm waits to hear what has been kept; 30 is usual.
      heartBtInt: 1
      # Tells the other side with every message which of its numbers is kept for good.
      lastMsgSeqNumProcessed: true
      reconnectSecondsMin: 0.2
      reconnectSecondsMax: 2
`;
}

/** Where the other side of the trade days listens, and by what it is known. */
export interface TradeDaySettings {
  readonly orders: number;
  readonly clearer: number;
  readonly sftp: { readonly port: number; readonly hostKey: string; readonly username: string };
  readonly queue: { readonly port: number; readonly address: string; readonly username: string };
}

/**
 * The configuration of the demonstration of three trade days. Relative to it are `keys/gateway-key` and
 * `keys/queue-password`.
 */
export function tradeDayConfiguration(settings: TradeDaySettings): string {
  return `# yaml-language-server: $schema=./clearport.schema.json
# Three trade days of an introducing broker, against the simulated other side
# (\`clearport sim clearing-firm --scenario trade-day\`). \`npm run demo\` wrote this.
version: 1
tenant: demo
data: ./data
firm:
  name: Demo Brokerage
  participant: "0158"
  profile: fully-disclosed
log:
  level: info
# Finished postings, as a journal that ledger and hledger read.
ledger:
  journal:
    path: ./journal.ledger
channels:
  # What we say happened: our order system's drop copy. The book is folded from it.
  orders:
    adapter: fix
    perspective: ours
    reportedBy: SIMORDER
    reporterRole: introducing-broker
    owner: trading desk
    options:
      port: ${settings.orders}
      targetCompId: SIMORDER
${fixOptions}
  # What the clearing firm says during the day, and in its files of the night.
  clearer-dropcopy:
    adapter: fix
    perspective: clearer
    reportedBy: SIMCLEAR
    reporterRole: clearing-firm
    owner: clearing desk
    options:
      port: ${settings.clearer}
      targetCompId: SIMCLEAR
${fixOptions}
${fileChannels(settings)}
  # Where each settlement instruction stands: MT548 and sese.024 from one queue.
  settlement-status:
    adapter: queue
    codec: [iso15022, iso20022]
    perspective: clearer
    reportedBy: SIMCLEAR
    reporterRole: clearing-firm
    owner: settlements
    options:
      host: 127.0.0.1
      port: ${settings.queue.port}
      source: ${settings.queue.address}
      username: ${settings.queue.username}
      password: \${file:keys/queue-password}
      credit: 10
`;
}

const fixOptions = `      role: initiator
      host: 127.0.0.1
      beginString: FIX.4.4
      senderCompId: DEMOBRKR
      # Short, because the simulation waits to hear what has been kept; 30 is usual.
      heartBtInt: 1
      lastMsgSeqNumProcessed: true
      reconnectSecondsMin: 0.1
      reconnectSecondsMax: 0.3`;

interface FileFeed {
  readonly channel: string;
  readonly comment: string;
  readonly layout: string;
  readonly short: string;
  readonly perspective: 'clearer' | 'street';
  readonly restated: 'hold' | 'supersede';
  readonly due: string;
}

const fileFeeds: readonly FileFeed[] = [
  {
    channel: 'positions',
    comment: 'Positions. A corrected file takes the place of the one before.',
    layout: 'clearing-positions',
    short: 'POS',
    perspective: 'clearer',
    restated: 'supersede',
    due: '06:30',
  },
  {
    channel: 'cash',
    comment: 'Cash. Other bytes under a key that is booked wait for a person.',
    layout: 'clearing-cash',
    short: 'CSH',
    perspective: 'clearer',
    restated: 'hold',
    due: '06:30',
  },
  {
    channel: 'activity',
    comment: 'Booked trades, rejects, cancels, transfers, corporate actions.',
    layout: 'clearing-activity',
    short: 'ACT',
    perspective: 'clearer',
    restated: 'hold',
    due: '06:30',
  },
  {
    channel: 'nscc-settlement',
    comment: 'What the street netted for the participant. It ties to no one correspondent alone.',
    layout: 'nscc-settlement',
    short: 'CNS',
    perspective: 'street',
    restated: 'hold',
    due: '12:30',
  },
];

function fileChannels(settings: TradeDaySettings): string {
  return fileFeeds.map((feed) => fileChannel(feed, settings)).join('\n');
}

function fileChannel(feed: FileFeed, { sftp }: TradeDaySettings): string {
  const { channel, comment, layout, short, perspective, restated, due } = feed;
  const street = perspective === 'street';
  return `  # ${comment}
  ${channel}:
    adapter: sftp
    codec: records:${layout}
    perspective: ${perspective}
    reportedBy: ${street ? 'NSCC' : 'SIMCLEAR'}
    reporterRole: ${street ? 'depository' : 'clearing-firm'}
    zone: America/New_York
    owner: ${street ? 'settlements' : 'clearing desk'}
    files:
      key: 'SIMC\\.DEMO\\.${short}\\.(?<date>\\d{8})\\.(?<key>[A-Z]{3}\\.\\d\\d)'
      pollMs: 150
      restated: ${restated}
      expect:
        - name: ${channel}-eod
          pattern: '\\.EOD\\.'
          cycle: EOD
          due: "${due}"
          days: trading
          speaksOf: previous-trading-day
    options:
      host: 127.0.0.1
      port: ${sftp.port}
      # Pinned: a server with another key is refused before anything is said to it.
      hostKeys: ["${sftp.hostKey}"]
      username: ${sftp.username}
      privateKey: \${file:keys/gateway-key}
      folder: /${channel}`;
}
