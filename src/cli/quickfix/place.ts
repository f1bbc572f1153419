import { isLoopback } from '../../core/address.ts';
import type { JsonValue } from '../../core/json.ts';
import { assume, type Draft, left, numberOf, put, putText, take, takeYesNo, textOf, wrong } from './draft.ts';
import type { Setting } from './settings.ts';

/** Where a session connects to or listens, with whom, and whether by TLS. */
export function readPlace(draft: Draft): void {
  if (draft.role === 'initiator') readHosts(draft);
  else readListening(draft);
  readDoor(draft);
  readTls(draft);
}

/** SocketConnectHost and SocketConnectPort, and the further ones with a number behind them: QuickFIX tries them in turn. */
function readHosts(draft: Draft): void {
  const pairs = [...hostNumbers(draft)].map((number) => {
    const [host, port] = [
      take(draft, `SocketConnectHost${number}`),
      take(draft, `SocketConnectPort${number}`),
    ];
    return { host, port, at: numberOf(draft, port) };
  });
  const [first, ...more] = pairs.flatMap(({ host, port, at }) => {
    if (host === undefined || at === undefined)
      wrong(draft, host ?? port, 'a host and its port belong together');
    return host === undefined || port === undefined || at === undefined ? [] : [{ host, port, at }];
  });
  if (first === undefined) return;
  putText(draft, 'host', first.host);
  put(draft, 'port', first.at, first.port);
  if (more.length > 0) {
    const others: JsonValue = more.map(({ host, at }) => ({ host: textOf(draft, host.value), port: at }));
    put(draft, 'failover', others, ...more.flatMap(({ host, port }) => [host, port]));
  }
  readReconnect(draft);
  for (const key of ['SocketAcceptPort', 'SocketAcceptAddress', 'SocketAcceptHost'])
    left(draft, take(draft, key), 'an initiator does not listen');
}

function hostNumbers(draft: Draft): Set<string> {
  const found = [...draft.settings.keys()].flatMap(
    (key) => /^socketconnect(?:host|port)(\d*)$/.exec(key)?.[1] ?? [],
  );
  return new Set(found.sort((left, right) => Number(left) - Number(right)));
}

/** One number in C++, .NET and Go; several with `;` between them in Java: the first waits, and then the last again and again. */
function readReconnect(draft: Draft): void {
  const setting = take(draft, 'ReconnectInterval');
  if (setting === undefined) return;
  const texts = setting.value.split(/[;,\s]+/).filter((text) => text !== '');
  const waits = texts.map((text) => (/^\d{1,5}$/.test(text) ? Number(text) : Number.NaN));
  const [first, last] = [Math.max(1, Math.min(...waits)), Math.max(...waits)];
  if (!(last > 0)) {
    wrong(draft, setting, 'it is no number of seconds');
    return;
  }
  put(draft, 'reconnectSecondsMin', first, setting);
  put(draft, 'reconnectSecondsMax', last, setting);
}

function readListening(draft: Draft): void {
  const port = take(draft, 'SocketAcceptPort');
  const at = numberOf(draft, port);
  if (at !== undefined) put(draft, 'port', at, port);
  const [java, other] = [take(draft, 'SocketAcceptAddress'), take(draft, 'SocketAcceptHost')];
  const address = java ?? other;
  if (address !== undefined) putText(draft, 'bind', address);
  else
    assume(draft, 'bind', '127.0.0.1', 'QuickFIX listens on all addresses: name the one that is meant', true);
  left(draft, take(draft, 'ReconnectInterval'), 'an acceptor does not connect');
  for (const key of [...draft.open].filter((one) => /^socketconnect(host|port)\d*$/.test(one)))
    left(draft, take(draft, key), 'an acceptor does not connect');
}

/** Who may come in. */
function readDoor(draft: Draft): void {
  const allowed = take(draft, 'AllowedRemoteAddresses');
  if (allowed !== undefined) {
    const named = allowed.value.split(/[,;\s]+/).filter((one) => one !== '');
    const networks = named.filter((one) => /^[\da-f.:]+(\/\d+)?$/i.test(one));
    if (networks.length > 0) put(draft, 'allow', networks, allowed);
    if (networks.length < named.length)
      left(
        draft,
        allowed,
        'host names are not looked up: only addresses and networks are carried over',
        true,
      );
  }
  for (const key of ['AcceptorTemplate', 'DynamicSession', 'DynamicSessions']) {
    if (takeYesNo(draft, key) !== true) continue;
    put(draft, 'template', true, draft.settings.get(key.toLowerCase()));
    if (!draft.options.has('targetCompId'))
      assume(
        draft,
        'targetCompId',
        '*',
        'every counterparty gets a session; name those who may under `counterparties`',
        true,
      );
  }
  const proxied = takeYesNo(draft, 'UseTCPProxy');
  if (proxied !== true) return;
  put(draft, 'proxyProtocol', 'required', draft.settings.get('usetcpproxy'));
  assume(draft, 'proxies', ['127.0.0.1'], 'name the load balancers that are believed', true);
}

/** Keys that say that TLS is spoken, by their being there or by Y. */
const tlsFiles = [
  'CertificationAuthoritiesFile',
  'ServerCertificateFile',
  'ClientCertificateFile',
  'SocketCAFile',
  'SocketCertificateFile',
];

function readTls(draft: Draft): void {
  const asked = [takeYesNo(draft, 'SocketUseSSL'), takeYesNo(draft, 'SSLEnable')];
  const switches = ['socketusessl', 'sslenable'].flatMap((key) => draft.settings.get(key) ?? []);
  const named = tlsFiles.some((key) => draft.settings.has(key.toLowerCase()));
  const speaks = asked.includes(true) || (named && !asked.includes(false));
  const address = String(draft.options.get(draft.role === 'initiator' ? 'host' : 'bind')?.value ?? '');
  if (!speaks) {
    leaveTls(draft, switches, isLoopback(address));
    return;
  }
  put(draft, 'tls', {}, ...switches);
  readStores(draft);
  readVerifying(draft, isLoopback(address));
}

/** Keys that only say how TLS is spoken. In C++ the program decides whether it is, and the settings do not say it. */
const tlsManners = [
  'SSLProtocol',
  'CertificateVerifyLevel',
  'SSLValidateCertificates',
  'SocketInsecureSkipVerify',
  'NeedClientAuth',
  'SSLRequireClientCertificate',
  'SocketKeyStore',
  'SocketTrustStore',
  'SSLCertificate',
];

function leaveTls(draft: Draft, switches: readonly Setting[], near: boolean): void {
  if (!near) {
    put(draft, 'insecure', true, ...switches);
    tellInsecure(draft, switches[0]);
  }
  for (const one of near ? switches : []) left(draft, one, 'nothing but loopback is spoken to');
  const why =
    'nothing here says that TLS is spoken: where the program did so, write `tls: {}` and what it needs';
  for (const key of tlsManners) left(draft, take(draft, key), why, true);
}

function tellInsecure(draft: Draft, setting: Setting | undefined): void {
  const why = 'the session spoke without TLS, and still does: anybody on the way reads and writes trades';
  draft.fates.push({
    line: setting?.line ?? 0,
    key: setting?.key ?? '',
    fate: 'assumed',
    option: 'insecure',
    why,
    changes: true,
  });
}

/** Key stores of Java and .NET are no PEM: references stand where their content has to be. */
function readStores(draft: Draft): void {
  const [keys, trusted, windows] = ['SocketKeyStore', 'SocketTrustStore', 'SSLCertificate'].map((key) =>
    take(draft, key),
  );
  const why = 'a key store is not read: write what it holds as PEM into the file that is named';
  const own = keys ?? windows;
  if (own !== undefined) {
    for (const part of ['cert', 'key'])
      draft.options.set(`tls.${part}`, { value: `\${file:${draft.name}-${part}.pem}`, from: why });
    left(draft, own, why, true);
  }
  if (trusted === undefined) return;
  draft.options.set('tls.ca', { value: `\${file:${draft.name}-ca.pem}`, from: why });
  left(draft, trusted, why, true);
}

/** How a certificate is verified. Off only towards loopback. */
function readVerifying(draft: Draft, near: boolean): void {
  const skip = takeYesNo(draft, 'SocketInsecureSkipVerify');
  const validate = takeYesNo(draft, 'SSLValidateCertificates');
  const setting =
    draft.settings.get('socketinsecureskipverify') ?? draft.settings.get('sslvalidatecertificates');
  const off = skip === true || validate === false;
  if (off && near) put(draft, 'tls.verify', false, setting);
  else left(draft, setting, 'certificates are verified for everything beyond loopback', off);
  const level = take(draft, 'CertificateVerifyLevel');
  left(draft, level, 'certificates are verified', level?.value === '0' && !near);
  const protocol = take(draft, 'SSLProtocol');
  left(draft, protocol, 'tls.minVersion is TLS 1.2 unless it says otherwise');
  for (const key of ['NeedClientAuth', 'SSLRequireClientCertificate']) {
    const needed = takeYesNo(draft, key);
    left(
      draft,
      draft.settings.get(key.toLowerCase()),
      'an acceptor asks for a client certificate exactly where tls.ca is set',
      needed === true,
    );
  }
}
