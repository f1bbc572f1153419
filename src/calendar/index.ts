export { type Calendar, calendarZone, settlementDays, tradingDays, withDays } from './calendar.ts';
export type { Closing } from './closings.ts';
export { addDays, isDate, weekdayOf } from './dates.ts';
export { type SessionDay, sessionDay, sessionHours } from './session-hours.ts';
export { settlementCycle, settlementDate } from './settlement.ts';
