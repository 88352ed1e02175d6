// SPDX-License-Identifier: Apache-2.0
// The official implementation on 30 policies, 22 entities and one request: node decide.mjs DIR SECONDS
// Writes them into DIR for ours to read, and prints a line {what, side, value} of decisions a second for each run.
// Needs @cedar-policy/cedar-wasm in node_modules at or above the current folder; exit code 3 when it is not there.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [dir, seconds] = [process.argv[2], Number(process.argv[3])];
let cedar;
try {
  cedar = createRequire(process.cwd() + '/')('@cedar-policy/cedar-wasm/nodejs');
} catch {
  process.exit(3);
}

const schema = `
entity Kind;
entity Worker in [Kind] { role: String, purposes: Set<String>, suspended: Bool };
entity Rec { category: String, sensitivity: Long, markings: Set<String>, owner: Kind };
action content appliesTo { principal: Worker, resource: Rec, context: { purpose: String, proven: Bool, emergency: Bool } };
`;
const purposes = ['first_contact', 'early_help', 'child_in_need', 'child_protection', 'transfer', 'police_protection'];
const permits = Array.from({ length: 12 }, (_, i) => `permit (principal in Kind::"k${i % 6}", action == Action::"content", resource)
when { context.purpose == "${purposes[i % 6]}" && resource.sensitivity <= ${i % 4} && principal.purposes.contains(context.purpose) };`);
const forbids = Array.from({ length: 18 }, (_, i) => `forbid (principal, action, resource)
when { resource.markings.contains("m${i}") && !context.emergency } unless { principal in resource.owner };`);
const policies = [...permits, ...forbids].join('\n');
const uid = (type, id) => ({ type, id });
const entities = [
  ...Array.from({ length: 6 }, (_, i) => ({ uid: uid('Kind', `k${i}`), attrs: {}, parents: [] })),
  ...Array.from({ length: 8 }, (_, i) => ({ uid: uid('Worker', `w${i}`), parents: [uid('Kind', `k${i % 6}`)],
    attrs: { role: 'practitioner', purposes: purposes.slice(0, 4), suspended: false } })),
  ...Array.from({ length: 8 }, (_, i) => ({ uid: uid('Rec', `r${i}`), parents: [],
    attrs: { category: 'health.community', sensitivity: i % 4, markings: ['other'], owner: { __entity: uid('Kind', 'k5') } } })),
];
const request = { principal: uid('Worker', 'w3'), action: uid('Action', 'content'), resource: uid('Rec', 'r2'),
  context: { purpose: 'child_protection', proven: true, emergency: false } };
writeFileSync(join(dir, 'policies.cedar'), policies);
writeFileSync(join(dir, 'schema.cedarschema'), schema);
writeFileSync(join(dir, 'entities.json'), JSON.stringify(entities));
writeFileSync(join(dir, 'request.json'), JSON.stringify(request));

const good = (answer) => { if (answer.type !== 'success') { console.error(JSON.stringify(answer)); process.exit(1); } return answer; };
good(cedar.preparsePolicySet('bench', { staticPolicies: policies }));
good(cedar.preparseSchema('bench', schema));
const call = { ...request, entities, preparsedPolicySetId: 'bench', preparsedSchemaName: 'bench', validateRequest: false };
for (let run = 0; run < 9; ++run) {
  let count = 0;
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1000) {
    for (let i = 0; i < 20; ++i, ++count)
      if (good(cedar.statefulIsAuthorized(call)).response.decision !== 'allow') process.exit(1);
  }
  console.log(JSON.stringify({ what: 'decide', side: 'cedar-wasm', value: count / (performance.now() - begun) * 1000 }));
}
