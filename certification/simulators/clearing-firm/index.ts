export {
  type ClearingFirm,
  type ClearingFirmOptions,
  type FirmNews,
  openClearingFirm,
} from './clearing-firm.ts';
export { type Execution, type FixBody, fills, reportOf } from './executions.ts';
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
