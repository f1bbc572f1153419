export type { Balance, Basis, Book, Books, Holding } from './books.ts';
export type { ExpectedBreak, ExpectedDifference } from './breaks.ts';
export {
  type BreakCase,
  breakCases,
  causes,
  type FeedCase,
  feedCases,
  quietCases,
  type TradeDayCase,
  tradeDayCases,
} from './cases.ts';
export { feedLayouts, fileBytes, fileKey } from './file-bytes.ts';
export {
  dueTime,
  type Feed,
  type FileContent,
  type FileId,
  type FileVerdict,
  feeds,
  fileName,
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
export type { Activity, Booking, DatedActivity } from './their-activity.ts';
export {
  type TradeDayOptions,
  type TradeDayPlay,
  type TradeDays,
  type TradeDayTruth,
  tradeDayDefaults,
  tradeDayExecutionsMin,
  tradeDays,
} from './trade-days.ts';
export { cutTime, dates, storyZone, tradeDayNames, utcOf } from './world.ts';
