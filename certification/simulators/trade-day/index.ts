export type { Basis, Book, Books } from './books.ts';
export type { ExpectedBreak } from './breaks.ts';
export {
  type BreakCase,
  breakCases,
  causes,
  feedCases,
  quietCases,
  type TradeDayCase,
  tradeDayCases,
} from './cases.ts';
export { feedLayouts, fileBytes, fileKey } from './file-bytes.ts';
export {
  type Feed,
  type FileId,
  type FileVerdict,
  feeds,
  type TradeDayFile,
} from './files.ts';
export {
  type OtherSide,
  type OtherSideNews,
  type OtherSideOptions,
  openOtherSide,
  type SideCommand,
  sideCommandOf,
} from './other-side.ts';
export { type FixScript, type Part, type Stream, streams } from './sessions.ts';
export type { Batch, ExpectedStatus, QueueMessage } from './statuses.ts';
export {
  type TradeDayOptions,
  type TradeDayPlay,
  type TradeDays,
  type TradeDayTruth,
  tradeDayDefaults,
  tradeDayExecutionsMin,
  tradeDays,
} from './trade-days.ts';
export { dates, storyZone, tradeDayNames, utcOf } from './world.ts';
