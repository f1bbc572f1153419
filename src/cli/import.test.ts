import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tempDirectory } from '../../test/support/temp-directory.ts';
import { checkText } from '../gateway/index.ts';
import { importSettings } from './quickfix/import.ts';
import keys from './quickfix/keys.json' with { type: 'json' };
import { jsonLines, runCli } from './testing/in-process.ts';

/** Settings files of our own, as the four editions of QuickFIX have them. */
const cpp = `# C++, an initiator over TLS
[DEFAULT]
ConnectionType=initiator
ReconnectInterval=30
FileStorePath=store
FileLogPath=log
StartTime=12:30:00
EndTime=21:30:00
UseLocalTime=N
HeartBtInt=30
CheckLatency=N
MaxLatency=60
ValidateUserDefinedFields=N
ValidateLengthAndChecksum=Y
TimestampPrecision=6
CertificationAuthoritiesFile=ca.pem
ClientCertificateFile=client.pem
ClientCertificateKeyFile=client.key
CertificateVerifyLevel=1
SSLProtocol=all -SSLv2
[SESSION]
BeginString=FIX.4.2
SenderCompID=DESK
TargetCompID=FIRM
SenderSubID=OPS
SocketConnectHost=fix.firm.example
SocketConnectPort=9878
DataDictionary=spec/FIX42.xml
Password=hunter2-of-cpp
[SESSION]
BeginString=FIXT.1.1
SenderCompID=DESK
TargetCompID=FIRM
SessionQualifier=B
DefaultApplVerID=FIX.5.0SP2
TransportDataDictionary=spec/FIXT11.xml
AppDataDictionary=spec/FIX50SP2.xml
SocketConnectHost=127.0.0.1
SocketConnectPort=9879
SocketUseSSL=N
`;

const java = `[default]
ConnectionType=acceptor
SocketAcceptPort=9880
SocketAcceptAddress=127.0.0.1
StartDay=Sunday
EndDay=Friday
StartTime=17:00:00 America/Chicago
EndTime=16:00:00 America/Chicago
FileStorePath=data/fix
ResendRequestChunkSize=2500
EnableNextExpectedMsgSeqNum=Y
EnableLastMsgSeqNumProcessed=Y
RejectGarbledMessage=Y
ValidateChecksum=N
AllowedRemoteAddresses=127.0.0.1,10.0.0.0/8,trusted.example
TimeStampPrecision=NANOS
JdbcPassword=hunter2-of-jdbc
[session]
BeginString=FIX.4.4
SenderCompID=HUB
TargetCompID=*
AcceptorTemplate=Y
DisableHeartBeatCheck=Y
[session]
BeginString=FIX.4.4
SenderCompID=HUB
TargetCompID=DESK
`;

const net = `[DEFAULT]
ConnectionType=initiator
ReconnectInterval=5
NonStopSession=Y
HeartBtInt=20
SSLEnable=Y
SSLServerName=fix.firm.example
SSLProtocols=Tls12
SSLCertificate=client.pfx
SSLCertificatePassword=hunter2-of-net
MaxMessagesInResendRequest=500
[SESSION]
BeginString=FIX.4.4
SenderCompID=DESK.NET
TargetCompID=FIRM
SocketConnectHost=fix.firm.example
SocketConnectPort=443
SocketConnectHost2=fix2.firm.example
SocketConnectPort2=444
LogonTag=96=hunter2-of-tag
`;

const go = `[DEFAULT]
SocketConnectHost=\${FIX_HOST}
SocketConnectPort=5001
HeartBtInt=30
SenderCompID=DESK
TargetCompID=GO
ResetOnLogon=Y
StartTime=00:00:00
EndTime=23:59:59
TimeZone=America/New_York
Weekdays=Monday,Tuesday,Wednesday,Thursday,Friday
SocketUseSSL=Y
SocketCAFile=ca.pem
SocketMinimumTLSVersion=TLS12
SQLStoreDriver=sqlite3
HeartBtInterval=10
nonsense
[SESSION]
BeginString=FIX.4.3
`;

const files = ['ca.pem', 'client.pem', 'client.key', 'desk-net-firm-cert.pem', 'desk-net-firm-key.pem'];

/** A folder in which the certificates stand that the samples name. */
function folderWithKeys(): string {
  const folder = tempDirectory('import');
  mkdirSync(folder, { recursive: true });
  for (const file of files)
    writeFileSync(join(folder, file), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n', {
      mode: 0o600,
    });
  return folder;
}

describe('a QuickFIX settings file becomes a configuration', () => {
  test.each([
    ['C++', cpp, 2],
    ['Java', java, 2],
    ['.NET', net, 1],
    ['Go', go, 1],
  ])('%s: it is accepted as it is, once what it refers to is there', async (_edition, settings, sessions) => {
    const { text, variables } = importSettings(settings, 'quickfix.cfg');
    const environment = Object.fromEntries(variables.map((name) => [name, `value-of-${name}`]));
    const { configuration, findings } = await checkText(text, join(folderWithKeys(), 'c.yaml'), environment);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(configuration?.channels.size).toBe(sessions);
  });

  test('every line has its fate, and says it', () => {
    for (const settings of [cpp, java, net, go]) {
      const { fates } = importSettings(settings, 'quickfix.cfg');
      const told = new Set(fates.map(({ line }) => line));
      const silent = settings
        .split('\n')
        .flatMap((line, at) => (/^[^#[\s]/.test(line) && !told.has(at + 1) ? [line] : []));
      expect(silent).toEqual([]);
      expect(fates.filter(({ fate, why }) => fate !== 'carried' && (why ?? '') === '')).toEqual([]);
    }
  });

  test.each([
    ['30;soon', []],
    ['0', []],
    ['5;10;60;', ['reconnectSecondsMin: 5', 'reconnectSecondsMax: 60']],
  ])('ReconnectInterval=%s', (value, lines) => {
    const { text, fates } = importSettings(
      go.replace('HeartBtInt=30', `HeartBtInt=30\nReconnectInterval=${value}`),
      'quickfix.cfg',
    );
    expect(text.match(/reconnectSeconds\w+: \d+/g) ?? []).toEqual(lines);
    const wrong = fates.filter(({ fate, key }) => fate === 'wrong' && key === 'ReconnectInterval');
    expect(wrong).toHaveLength(lines.length === 0 ? 1 : 0);
  });

  test('what is a secret is referred to, and never copied', () => {
    for (const settings of [cpp, java, net, go]) {
      const imported = importSettings(settings, 'quickfix.cfg');
      expect(JSON.stringify(imported)).not.toContain('hunter2');
    }
    expect(importSettings(cpp, 'q').text).toContain(`password: \${env:DESK_FIRM_PASSWORD}`);
    expect(importSettings(net, 'q').text).toContain(`"96": \${env:DESK_NET_FIRM_LOGON_96}`);
  });

  test('the conduct is carried over: hours with their zone, hosts in their order, what is checked', async () => {
    const { text, variables } = importSettings(java, 'quickfix.cfg');
    const environment = Object.fromEntries(variables.map((name) => [name, 'x'.repeat(20)]));
    const { configuration } = await checkText(text, join(folderWithKeys(), 'c.yaml'), environment);
    expect(configuration?.channels.get('hub-any')?.options()).toMatchObject({
      role: 'acceptor',
      bind: '127.0.0.1',
      port: 9880,
      template: true,
      targetCompId: '*',
      schedule: {
        zone: 'America/Chicago',
        startDay: 'sunday',
        endDay: 'friday',
        startTime: '17:00:00',
        endTime: '16:00:00',
      },
      resendRequestChunkSize: 2500,
      nextExpectedMsgSeqNum: true,
      lastMsgSeqNumProcessed: true,
      rejectGarbledMessage: true,
      validateChecksum: false,
      allow: ['127.0.0.1', '10.0.0.0/8'],
      timePrecision: 'nanoseconds',
      validate: 'full',
    });
    expect(importSettings(net, 'q').text).toContain('failover: [{"host":"fix2.firm.example","port":444}]');
    expect(importSettings(go, 'q').text).toContain(`host: \${env:FIX_HOST}`);
  });

  test('what differs is said: unknown keys with the one that is meant, and what changes the conduct', () => {
    const { fates } = importSettings(go, 'quickfix.cfg');
    expect(fates.find(({ key }) => key === 'HeartBtInterval')).toMatchObject({
      fate: 'unknown',
      line: 16,
      changes: true,
    });
    expect(fates.find(({ key }) => key === 'SQLStoreDriver')).toMatchObject({ fate: 'left', changes: false });
    expect(fates.find(({ line }) => line === 17)).toMatchObject({ fate: 'wrong', changes: true });
    const heart = importSettings(java, 'q').fates.find(({ key }) => key === 'DisableHeartBeatCheck');
    expect(heart).toMatchObject({ fate: 'left', changes: true });
  });

  test('no key of QuickFIX is called unknown, whatever else there is', () => {
    for (const name of [...Object.keys(keys.carried), ...keys.read, ...Object.keys(keys.left)]) {
      for (const connection of ['initiator', 'acceptor']) {
        const { fates } = importSettings(`[SESSION]\nConnectionType=${connection}\n${name}=5\n`, 'q');
        expect(fates.filter(({ fate }) => fate === 'unknown')).toEqual([]);
      }
    }
  });

  test('whatever the lines are, nothing is thrown and nothing is silent', () => {
    const known = [...Object.keys(keys.carried), ...keys.read, ...Object.keys(keys.left)];
    const line = fc.record({
      key: fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[A-Za-z]{1,12}\d?$/)),
      value: fc.oneof(
        fc.constantFrom('Y', 'N', '30', '12:00:00', 'FIX.4.4', `\${X}`, 'Monday', ''),
        fc.string({ unit: 'grapheme-ascii' }),
      ),
    });
    const property = fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const body = lines.map(({ key, value }) => `${key}=${value.replace(/[\r\n]/g, '')}`);
      const { fates } = importSettings(['[SESSION]', ...body].join('\n'), 'q');
      const told = new Set(fates.map((fate) => fate.line));
      return body.every((_, at) => told.has(at + 2));
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('clearport import', () => {
  test('writes the configuration, says what it left, and never writes over a file', async () => {
    const directory = folderWithKeys();
    writeFileSync(join(directory, 'quickfix.cfg'), cpp);
    const first = await runCli(['import', 'quickfix.cfg', '--out', 'clearport.yaml'], { directory });
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('left');
    expect(first.stdout).toContain('Written:');
    const written = readFileSync(join(directory, 'clearport.yaml'), 'utf8');
    expect(written).toContain('beginString: FIX.4.2');
    const second = await runCli(['import', 'quickfix.cfg', '--out', 'clearport.yaml'], { directory });
    expect(second.code).toBe(2);
    const env = { DESK_FIRM_PASSWORD: 'a-long-password' };
    const check = await runCli(['check'], { directory, env });
    expect(check.stdout).toContain('ok');
    expect(check.code).toBe(0);
  });

  test('without --out the configuration is on standard output, everything about it on standard error', async () => {
    const directory = folderWithKeys();
    writeFileSync(join(directory, 'quickfix.cfg'), java);
    const { stdout, stderr } = await runCli(['import', 'quickfix.cfg'], { directory });
    expect(stdout).toMatch(/^# Made of quickfix\.cfg/);
    expect(stderr).toContain('DisableHeartBeatCheck');
    const json = jsonLines((await runCli(['import', 'quickfix.cfg', '--json'], { directory })).stdout);
    expect(json.at(-1)).toMatchObject({ channels: ['hub-any', 'hub-desk'], findings: [] });
    expect(json.find(({ key }) => key === 'TimeStampPrecision')).toMatchObject({
      fate: 'carried',
      option: 'timePrecision',
    });
  });

  test('a plain acceptor or initiator of everyday use is carried over without a remark', async () => {
    const directory = folderWithKeys();
    const plain = `[DEFAULT]\nConnectionType=initiator\nHeartBtInt=30\nNonStopSession=Y\n[SESSION]\nBeginString=FIX.4.4\nSenderCompID=A\nTargetCompID=B\nSocketConnectHost=127.0.0.1\nSocketConnectPort=9\n`;
    writeFileSync(join(directory, 'quickfix.cfg'), plain);
    expect((await runCli(['import', 'quickfix.cfg'], { directory })).code).toBe(0);
    writeFileSync(join(directory, 'none.cfg'), '[DEFAULT]\n');
    expect((await runCli(['import', 'none.cfg'], { directory })).code).toBe(2);
    expect((await runCli(['import', 'nowhere.cfg'], { directory })).code).toBe(2);
  });

  test('a line that is none, and files that are not there, are each told once', async () => {
    const directory = tempDirectory('import');
    const text = `[DEFAULT]\nConnectionType=acceptor\nSocketAcceptPort=5001\nNonStopSession=Y\nServerCertificateFile=c.pem\nServerCertificateKeyFile=k.pem\n[SESSION]\nBeginString=FIX.4.4\nSenderCompID=A\nTargetCompID=B\n[SESSION\n`;
    writeFileSync(join(directory, 'quickfix.cfg'), text);
    const { stderr } = await runCli(['import', 'quickfix.cfg'], { directory });
    expect(stderr).toContain('line 11  it is neither a section nor Key=Value\n');
    expect(stderr.match(/^check .*$/gm)).toEqual([
      expect.stringMatching(/CONFIG_REFERENCE: .*c\.pem cannot be read/),
      expect.stringMatching(/CONFIG_REFERENCE: .*k\.pem cannot be read/),
    ]);
  });
});
