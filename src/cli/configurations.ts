/** Where the simulated clearing firm listens unless it is told otherwise. */
export const simulatorPort = 9878;

/** What `clearport init` writes: a FIX drop copy from a clearing firm, every line explained. */
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
`;
}

/** What `clearport init demo` writes: works with `clearport sim clearing-firm` as it is. */
export function demoConfiguration(settings: { readonly port?: number; readonly data?: string } = {}): string {
  const { port = simulatorPort, data = './.clearport/demo' } = settings;
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
