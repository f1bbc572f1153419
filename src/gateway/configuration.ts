import type { Codec } from '../contract/codec.ts';
import type { Direction } from '../contract/entry.ts';
import { GatewayError } from '../core/errors.ts';
import type { Issue } from '../core/issue.ts';
import type { Perspective } from '../events/event.ts';
import type { Mask } from './mask.ts';
import type { LedgerSettings, ReconSettings } from './schema-day.ts';
import type { FileSettings } from './schema-files.ts';

/** One configured way: adapter, codec, direction and perspective, under a name that never changes. */
export interface ChannelConfiguration {
  readonly name: string;
  readonly adapter: string;
  /** As it is written, several with commas between them: `fix`, `records:clearing-positions`, `iso15022, iso20022`. */
  readonly codec: string;
  /** What the names stand for, in their order; absent: one codec, looked up by its name. */
  readonly codecs?: readonly Codec[];
  readonly direction: Direction | 'both';
  readonly perspective: Perspective;
  readonly reportedBy?: string;
  readonly reporterRole?: string;
  readonly zone: string;
  readonly keyScope?: string;
  readonly owner?: string;
  /** How files become entries; only where the adapter is a place for files. */
  readonly files?: FileSettings;
  /** How queue messages become entries; only where the adapter is a queue. */
  readonly messages?: MessageSettings;
  /**
   * The adapter's options, checked and with their secrets in place. A function, so that nothing that prints a
   * configuration prints a secret.
   */
  readonly options: () => unknown;
}

export interface MessageSettings {
  /** Property of a message that names it where the queue gives it no id. */
  readonly key?: string;
  /** What happens on the queue to a message that is in quarantine: to the dead letters, or gone. */
  readonly poison: 'reject' | 'accept';
}

export interface Configuration {
  /** The file that it was read from, absolute. */
  readonly path: string;
  readonly tenant: string;
  /** The data directory, absolute. */
  readonly data: string;
  readonly firm: { readonly name?: string; readonly participant?: string; readonly profile: string };
  readonly log: { readonly level: string; readonly file?: string };
  /** How our book and theirs are compared; absent: as the defaults say. */
  readonly recon?: ReconSettings;
  /** Where postings are carried to; absent: nowhere. */
  readonly ledger?: LedgerSettings;
  readonly channels: ReadonlyMap<string, ChannelConfiguration>;
  /** PKCS#8 PEM of the key that signs checkpoints, where one is configured. A function, as with options. */
  readonly checkpointKey: () => string | undefined;
  /** Hides every secret that this configuration resolved, and what the FIX tags of the mask hold. */
  readonly mask: Mask;
}

/** Something wrong in a configuration: `at` has line, column and the path of the key (`field`). */
export interface ConfigurationFinding extends Issue {
  readonly remedy: string;
  /** The file that `at` speaks of, where it is not the configuration itself: a record layout. */
  readonly file?: string;
}

export interface CheckedConfiguration {
  /** Absent as soon as one finding is an error. */
  readonly configuration?: Configuration;
  readonly findings: readonly ConfigurationFinding[];
}

/** A configuration that cannot be used, with everything that is wrong with it. Exit code 2. */
export class ConfigurationError extends GatewayError {
  readonly findings: readonly ConfigurationFinding[];

  constructor(path: string, findings: readonly ConfigurationFinding[]) {
    const first = findings.find((finding) => finding.severity === 'error');
    const place = `${first?.file ?? path}:${first?.at?.line ?? 1}:${first?.at?.column ?? 1}`;
    super(first?.code ?? 'CONFIG_YAML', first?.message ?? 'the configuration cannot be read', {
      place,
      exitCode: 2,
      ...(first !== undefined && { remedy: first.remedy }),
    });
    this.findings = findings;
  }
}
