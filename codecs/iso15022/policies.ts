import type { CodecFamily } from '../../src/contract/codec.ts';
import { iso15022Codec } from './codec.ts';
import { iso15022Issues } from './issues.ts';

/**
 * ISO 15022 by a policy, as configurations name it: `iso15022:strict`, `iso15022:repair`; `iso15022` alone is lenient. Such a codec is
 * `iso15022` with other weights: its id stays, its fingerprint says which they were.
 */
export const iso15022Policies: CodecFamily = {
  family: true,
  id: 'iso15022',
  issues: iso15022Issues,
  names: ['strict', 'repair'],
  open: (name) => ({
    codec: iso15022Codec({ policy: name === 'strict' || name === 'repair' ? name : 'lenient' }),
    issues: [],
  }),
  // There is nothing to describe; the configuration says so where somebody names a file.
  openText: () => ({ issues: [] }),
};
