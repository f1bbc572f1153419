import { describeCodec } from '../../test/codec-suite.ts';
import { iso20022 } from './index.ts';

describeCodec(iso20022, { guarded: false, prompt: false });
