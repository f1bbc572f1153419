import { describeCodec } from '../../test/codec-suite.ts';
import { fix } from './index.ts';

describeCodec(fix, { guarded: true, prompt: true });
