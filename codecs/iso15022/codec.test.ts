import { describeCodec } from '../../test/codec-suite.ts';
import { iso15022 } from './index.ts';

describeCodec(iso15022, { guarded: false, prompt: false });
