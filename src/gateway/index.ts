export { instantOf, timeInZone } from '../core/local-time.ts';
export { type Adoption, adoptBaseline, type BaselineRequest, type SnapshotName } from './baseline.ts';
export type { ChannelState, ChannelStatus, GatewayStatus } from './channel-status.ts';
export {
  type ChannelConfiguration,
  type CheckedConfiguration,
  type Configuration,
  ConfigurationError,
  type ConfigurationFinding,
  type MessageSettings,
} from './configuration.ts';
export {
  type Control,
  type ControlOptions,
  control,
  controlSocket,
  type Opened,
  withControl,
} from './control.ts';
export { codecFor } from './entry-making.ts';
export { type Due, duesBetween } from './expected.ts';
export type { LateFeed } from './expected-feeds.ts';
export { feedsProjection } from './feeds.ts';
export { type FeedRow, type FeedSelection, FeedsView, type FeedVerdict } from './feeds-view.ts';
export type { Differing, DifferingRecord, FileDifference, RecordText } from './file-difference.ts';
export { keptOf } from './file-position.ts';
export type { WaitingFile } from './file-readiness.ts';
export { type Follower, type Gateway, type GatewayOptions, openGateway } from './gateway.ts';
export { gatewayIssues } from './issues.ts';
export {
  checkConfiguration,
  checkText,
  configurationSchema,
  loadConfiguration,
} from './load-configuration.ts';
export { type LogStoreOptions, logStore } from './log-store.ts';
export {
  createLogger,
  errorView,
  exitCodeOfCrash,
  installCrashHandler,
  type Logger,
  type LoggerOptions,
} from './logger.ts';
export { createMask, type Mask, noSecrets, secretCharsMin } from './mask.ts';
export type { SendReport } from './outbox.ts';
export type { SendRequest } from './outbox-checking.ts';
export type { OutboxIndex } from './outbox-index.ts';
export type { OwnLog } from './own-log.ts';
export type { Person } from './person.ts';
export type { Decision, QuarantinedDetail, QuarantinedEntry, QuarantineSelection } from './quarantine.ts';
export {
  type QuarantineIndex,
  quarantineView,
  scannedQuarantine,
  viewedQuarantine,
} from './quarantine-index.ts';
export { type ChannelReach, type ReachOptions, reachChannels } from './reach.ts';
export type { Environment } from './references.ts';
export type { ReplayDifference, ReplayReport, ReplayRequest } from './replay.ts';
export { type RunFollower, type RunOptions, runGateway } from './run.ts';
export { type BreakCause, breakCauses, type LedgerSettings, type ReconSettings } from './schema-day.ts';
export type { Expectation, FileSettings } from './schema-files.ts';
export { isSession, scheduleOfChannel } from './session-schedule.ts';
export { type Adapter, builtIn, codecNamed, codecNames, type Wiring } from './wiring.ts';
