import { fuzzEveryCodec } from './fuzz-suite.ts';

// A file of its own, so that two processors share the counts.
fuzzEveryCodec(1_000_000, 11_000_000, ['framer']);
