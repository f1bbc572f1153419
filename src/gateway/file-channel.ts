import type { FileInfo } from '../contract/source.ts';
import { shownText } from '../core/bytes.ts';
import { isoOfMicros, type Micros } from '../core/clock.ts';
import { GatewayError, systemCode } from '../core/errors.ts';
import { gatewayIssue } from './entry-making.ts';
import { ExpectedFeeds, type LateFeed } from './expected-feeds.ts';
import { type NameParts, namePartsOf, scopeOf } from './file-identity.ts';
import { admitFile } from './file-intake.ts';
import type { IntakeOutcome, IntakePorts } from './file-ports.ts';
import { filePositionOf, sameFile } from './file-position.ts';
import { ReadinessWatch, type ReadyFile, type WaitingFile } from './file-readiness.ts';
import { resume, takeReleased } from './file-release.ts';
import { errorView, type Logger } from './logger.ts';
import type { FileSettings } from './schema-files.ts';
import { pause, stopMsMax, within } from './waiting.ts';

/** Longest pause between two attempts where the place of the files fails. */
const pauseMsMax = 60_000;

export interface FileChannelPorts extends Omit<IntakePorts, 'restated' | 'doneFile' | 'expected'> {
  readonly settings: FileSettings;
  readonly logger: Logger;
}

/** Looks that a file which cannot be read is left alone for, at most. */
const skipsMax = 12;

/** A file that could not be read when it was tried last: why, how often, and for how many looks it is left alone. */
interface Unread {
  readonly code: string;
  readonly tries: number;
  skips: number;
}

/** Looks for files, waits until each is whole, and takes them in one after the other, until it is closed. */
export class FileChannel {
  readonly #ports: FileChannelPorts & IntakePorts;
  readonly #stop = new AbortController();
  readonly #watch: ReadinessWatch;
  readonly #keyless = new Set<string>();
  readonly #unread = new Map<string, Unread>();
  readonly #pattern: RegExp;
  readonly #expected: ExpectedFeeds;
  #waiting: readonly WaitingFile[] = [];
  #settling: readonly Micros[] = [];
  #running: Promise<void> | undefined;
  #failures = 0;
  #lookedAt: Micros | undefined;
  #copyLost: string | undefined;
  #current: { readonly name: string; readonly key: string } | undefined;

  constructor(ports: FileChannelPorts) {
    const { restated, doneFile, key, expect = [] } = ports.settings;
    this.#expected = new ExpectedFeeds(expect, ports.making.channel.zone);
    this.#ports = {
      ...ports,
      expected: this.#expected,
      ...(restated !== undefined && { restated }),
      ...(doneFile !== undefined && { doneFile }),
    };
    this.#watch = new ReadinessWatch(ports.settings);
    this.#pattern = new RegExp(key, 'u');
  }

  get current(): { readonly name: string; readonly key: string } | undefined {
    return this.#current;
  }

  /** What is there and not taken yet, and why. */
  get waiting(): readonly WaitingFile[] {
    return this.#waiting;
  }

  /** Expected arrivals that are late now. */
  get late(): readonly LateFeed[] {
    return this.#expected.late;
  }

  get retrying(): boolean {
    return this.#failures > 0;
  }

  start(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Stops between two commits; what was begun goes on at the next start. */
  async close(_reason?: string): Promise<void> {
    this.#stop.abort();
    await within(stopMsMax, Promise.resolve(this.#running));
    await this.#ports.source.close();
    await this.#running;
  }

  /**
   * One look at the place, and everything that is ready there; then what has not come. That is told in any case: a place
   * that cannot be reached is how files are late. For tests, and for `run --once` one day.
   */
  async poll(signal: AbortSignal = this.#stop.signal): Promise<void> {
    try {
      await this.#takeAll(signal);
    } finally {
      if (!signal.aborted) await this.#tellLate();
    }
  }

  async #takeAll(signal: AbortSignal): Promise<void> {
    this.#settling = [];
    await this.#resume(signal);
    for (;;) {
      const released = await takeReleased(this.#ports, signal);
      if (released === undefined) break;
      this.#tell(released, undefined);
    }
    const files = await this.#ports.source.list();
    const { ready, waiting, settling } = this.#watch.look(files, this.#sinceLastLook());
    this.#settling = settling;
    const next = ready.map(({ name }) => ({ name, why: 'is whole, and is taken next' }));
    this.#waiting = [...waiting, ...next].map((one) =>
      this.#partsOf(one.name) === undefined ? { ...one, why: 'its name has no key' } : one,
    );
    this.#tellKeyless();
    for (const name of this.#unread.keys())
      if (!ready.some((file) => file.name === name)) this.#unread.delete(name);
    for (const file of ready) if (!this.#isLeftAlone(file.name)) await this.#take(file, signal);
  }

  /**
   * Since when something can be there that was not there at the last look: since then. A look falls on each due time, so
   * what came before it is told apart from what came after. After a pause that was longer than usual, since now.
   */
  #sinceLastLook(): Micros {
    const { clock, settings } = this.#ports;
    const now = clock.now();
    const last = this.#lookedAt ?? now;
    this.#lookedAt = now;
    return now - last <= settings.pollMs * 2000 ? last : now;
  }

  /** Goes on with the file that was begun. Where our copy of it is gone, the original is taken before any other. */
  async #resume(signal: AbortSignal): Promise<void> {
    const { log, source, making, logger } = this.#ports;
    const resumed = await resume(this.#ports, signal);
    if (resumed !== undefined) this.#tell(resumed, undefined);
    const position = filePositionOf(await log.head(making.channel.name));
    if (position?.stage !== 'reading') return;
    const original = (await source.list()).find((file) => sameFile(position, file));
    if (original !== undefined) await this.#take(original, signal);
    else if (this.#copyLost !== position.key) {
      this.#copyLost = position.key;
      const about = { code: 'FILE_COPY_LOST', file: shownText(position.name), booked: position.next };
      logger.error(about, 'a file is booked in part, and our copy of it is gone');
    }
  }

  async #tellLate(): Promise<void> {
    const { logger } = this.#ports;
    for (const { feed, businessDate, dueAt } of await this.#expected.tell(this.#ports, this.#settling)) {
      const about = { code: 'FEED_LATE', feed, businessDate, dueAt: isoOfMicros(dueAt) };
      logger.error(about, 'an expected file has not come');
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    let tidy = false;
    while (!signal.aborted) {
      try {
        if (!tidy) await this.#tidy();
        tidy = true;
        await this.poll(signal);
        if (this.#failures > 0) this.#ports.logger.info({ code: 'CHANNEL_RETRYING' }, 'reading files again');
        this.#failures = 0;
        this.#ports.meter.trouble = undefined;
      } catch (cause) {
        if (signal.aborted) return;
        if (!isWorld(cause)) throw cause;
        this.#fail(cause);
      }
      await pause(this.#pauseMs(), signal);
    }
  }

  /** Until the next look: longer where the place fails, shorter where something becomes late before it. */
  #pauseMs(): number {
    const { pollMs } = this.#ports.settings;
    const wait = Math.max(pollMs, Math.min(pollMs * 2 ** Math.min(this.#failures, 10), pauseMsMax));
    return Math.min(wait, this.#expected.nextMs(this.#ports.clock.now()) ?? wait);
  }

  /** Copies that nobody needs any more: everything but the one that a half booked file goes on from. */
  async #tidy(): Promise<void> {
    const { log, making, staging } = this.#ports;
    const position = filePositionOf(await log.head(making.channel.name));
    await staging.clear(position?.stage === 'reading' ? position.sha256 : undefined);
  }

  async #take(file: FileInfo & Partial<ReadyFile>, signal: AbortSignal): Promise<void> {
    const parts = this.#partsOf(file.name);
    if (parts === undefined) return;
    this.#current = { name: file.name, key: scopeOf(parts.key) };
    try {
      const sha256 = await this.#staged(file, signal);
      if (sha256 === undefined) return;
      this.#tell(await admitFile(this.#ports, { ...file, sha256, parts }, signal), file);
      this.#watch.taken(file.name);
      this.#waiting = this.#waiting.filter(({ name }) => name !== file.name);
    } finally {
      this.#current = undefined;
    }
  }

  /**
   * Our copy of a file. Undefined where it cannot be read although its place can be: the files behind it do not wait for
   * one that nobody may read.
   */
  async #staged(file: FileInfo, signal: AbortSignal): Promise<string | undefined> {
    const { staging, source } = this.#ports;
    try {
      const sha256 = await staging.take(source, file, signal);
      this.#unread.delete(file.name);
      return sha256;
    } catch (cause) {
      if (signal.aborted || !(cause instanceof GatewayError)) throw cause;
      await source.list();
      this.#tellUnread(file.name, cause);
      return undefined;
    }
  }

  /** Once for each file and cause, for as long as it lies there. */
  #tellUnread(name: string, cause: GatewayError): void {
    const { code } = cause;
    const before = this.#unread.get(name);
    const tries = (before?.tries ?? 0) + 1;
    this.#unread.set(name, { code, tries, skips: Math.min(2 ** (tries - 1) - 1, skipsMax) });
    this.#waitsUnread(name, code);
    if (before?.code === code) return;
    const about = { code, file: shownText(name), error: errorView(cause) };
    this.#ports.logger.error(about, 'a file cannot be read; the others are taken, and it is tried again');
  }

  /** True for a file that could not be read again and again, and is left alone for this look. */
  #isLeftAlone(name: string): boolean {
    const unread = this.#unread.get(name);
    if (unread === undefined || unread.skips === 0) return false;
    unread.skips--;
    this.#waitsUnread(name, unread.code);
    return true;
  }

  #waitsUnread(name: string, code: string): void {
    const why = `cannot be read, and is tried again (${code})`;
    this.#waiting = this.#waiting.map((one) => (one.name === name ? { name, why } : one));
  }

  #partsOf(name: string): NameParts | undefined {
    return namePartsOf(this.#pattern, name);
  }

  /** Once for each file that nobody will ever take. */
  #tellKeyless(): void {
    const keyless = this.#waiting.map(({ name }) => name).filter((name) => this.#partsOf(name) === undefined);
    for (const name of this.#keyless) if (!keyless.includes(name)) this.#keyless.delete(name);
    for (const name of keyless) {
      if (this.#keyless.has(name)) continue;
      this.#keyless.add(name);
      this.#ports.logger.warn({ code: 'FILE_NO_KEY', file: shownText(name) }, 'file left where it is');
    }
  }

  #tell(outcome: IntakeOutcome, file: FileInfo | undefined): void {
    const { logger } = this.#ports;
    const about = { ...(file && { file: shownText(file.name) }), outcome };
    // What was held has been told with its cause.
    if (outcome === 'tidied' || outcome === 'refused') return;
    if (outcome === 'restated') logger.error({ ...about, code: 'FILE_RESTATED' }, 'file held');
    else if (outcome === 'unreadable') logger.error({ ...about, code: 'FILE_UNREADABLE' }, 'file refused');
    else if (outcome === 'duplicate') logger.warn({ ...about, code: 'FILE_DUPLICATE' }, 'file refused');
    else logger.info(about, 'file taken in');
  }

  #fail(cause: unknown): void {
    const { logger, meter } = this.#ports;
    const first = this.#failures === 0;
    this.#failures++;
    const code = cause instanceof GatewayError ? cause.code : 'CHANNEL_RETRYING';
    const message = cause instanceof Error ? cause.message : String(cause);
    meter.trouble = { ...gatewayIssue('CHANNEL_RETRYING', message), code };
    if (first) logger.error({ code, error: errorView(cause) }, 'reading files failed; trying again');
  }
}

/** The world failed, so waiting may help; anything else is a bug of ours, and ends the process. */
function isWorld(cause: unknown): boolean {
  return cause instanceof GatewayError || /^E[A-Z]+$/.test(systemCode(cause) ?? '');
}
