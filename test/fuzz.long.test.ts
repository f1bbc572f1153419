import { fuzzEveryCodec } from './fuzz-suite.ts';

fuzzEveryCodec(20_000, 240_000);
