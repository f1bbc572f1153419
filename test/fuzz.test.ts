import { fuzzEveryCodec } from './fuzz-suite.ts';

// A first look at every change; the 20,000 of CI stand in `fuzz.long.test.ts`.
fuzzEveryCodec(2_000, 60_000);
