export {
  type ClearingFirm,
  type ClearingFirmOptions,
  openClearingFirm,
} from './clearing-firm.ts';
export { type Execution, type FixBody, fills, reportOf } from './executions.ts';
export { type FirmNews, type FixSide, type FixSideOptions, openFixSide } from './fix-side.ts';
export { simulatorIssues } from './issues.ts';
export { eventPrice, simulatedAccounts, simulatedFirm, simulatedSecurities } from './market.ts';
export {
  type ExpectedEvent,
  executionsMin,
  type Morning,
  type MorningOptions,
  morning,
  morningDefaults,
  type PlantedCase,
  plantedCases,
  type Step,
  type Truth,
} from './morning.ts';
