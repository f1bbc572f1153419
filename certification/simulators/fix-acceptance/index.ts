export {
  type AcceptanceNews,
  type FixAcceptance,
  type FixAcceptanceOptions,
  openFixAcceptance,
} from './fix-acceptance.ts';
