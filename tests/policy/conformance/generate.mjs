// SPDX-License-Identifier: Apache-2.0
// Writes cases of all kinds with the answers of the official implementation:
//   node generate.mjs OUT_DIR REQUESTS SEED
// A fifth of the requests are asked without a schema, one a case; the others with one, ten a case. As many schemas as
// a fifth are compared on their own.
import { mkdirSync } from 'node:fs';
import { write_case } from './cases.mjs';
import { broken_schema } from './generate_schemas.mjs';
import { typed_case } from './generate_typed.mjs';
import { untyped_case } from './generate_untyped.mjs';
import { answer } from './official.mjs';
import { seed, times } from './random.mjs';

const [out, requests, number] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
mkdirSync(out, { recursive: true });
seed(number);
const write = (kind, count, make) => times(count, (i) => write_case(out, `${kind}-${number}-${i}`, answer(make())));
write('untyped', Math.ceil(requests / 5), untyped_case);
write('typed', Math.ceil(requests * 4 / 50), () => typed_case(10));
write('schema', Math.ceil(requests / 5), () => ({ schema: broken_schema(), policies: [], templates: [], links: [], entities: [], requests: [] }));
