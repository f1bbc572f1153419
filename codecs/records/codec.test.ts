import { describeFileCodec } from '../../test/file-codec-suite.ts';
import { layoutNames, records } from './index.ts';

for (const name of layoutNames) {
  const { codec, issues } = records.open(name);
  if (codec === undefined) throw new Error(`${name}: ${issues[0]?.message}`);
  describeFileCodec(codec);
}
