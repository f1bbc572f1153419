import { fuzzEveryCodec } from './fuzz-suite.ts';

fuzzEveryCodec(1_000_000, 11_000_000, ['decoder']);
