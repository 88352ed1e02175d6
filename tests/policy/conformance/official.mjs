// SPDX-License-Identifier: Apache-2.0
// What the official implementation says of a case; exit code 3 when @cedar-policy/cedar-wasm is in no node_modules at or
// above the current folder.
//
// A case is { schema?, policies: [text], templates: [text], links, entities, requests }, each text of policies with one
// or more, a link { template, id, principal?, resource? }. The answer is the same case with `schemaParses`, `parses`,
// `verdict`, `entitiesFit`, and for each request either `fits: false` or `decision`, `reason` and `errors`. It stops at
// what makes the rest meaningless.
import { createRequire } from 'node:module';

let cedar;
try {
  cedar = createRequire(process.cwd() + '/')('@cedar-policy/cedar-wasm/nodejs');
} catch {
  process.exit(3);
}

const succeeds = (answer) => answer.type === 'success';

export const policy_set = ({ policies, templates, links }) => ({
  staticPolicies: policies.join('\n'),
  templates: Object.fromEntries(templates.map((text, i) => [`template${i}`, text])),
  templateLinks: links.map((link) => ({
    templateId: link.template,
    newId: link.id,
    values: { ...(link.principal && { '?principal': link.principal }), ...(link.resource && { '?resource': link.resource }) },
  })),
});

const decided = (request, answer) => {
  if (!succeeds(answer)) return { ...request, fits: false };
  const { decision, diagnostics } = answer.response;
  return { ...request, decision, reason: diagnostics.reason, errors: diagnostics.errors.map((error) => error.policyId) };
};

export const answer = (one) => {
  const { schema, entities, requests } = one;
  if (schema !== undefined && !succeeds(cedar.checkParseSchema(schema))) return { ...one, requests: [], schemaParses: false };
  const policies = policy_set(one);
  if (!succeeds(cedar.preparsePolicySet('set', policies))) return { ...one, requests: [], parses: false };
  const typed = schema === undefined ? {} : { preparsedSchemaName: 'schema', validateRequest: true };
  let known = {};
  if (schema !== undefined) {
    cedar.preparseSchema('schema', schema);
    const verdict = cedar.validate({ schema, policies, validationSettings: { mode: 'strict' } });
    if (!succeeds(verdict)) throw new Error(`the validator gave up: ${JSON.stringify(verdict.errors)}`);
    known = { verdict: verdict.validationErrors.length === 0, entitiesFit: succeeds(cedar.checkParseEntities({ schema, entities })) };
    if (!known.entitiesFit) return { ...one, ...known, requests: [] };
  }
  const asked = requests.map((request) =>
    decided(request, cedar.statefulIsAuthorized({ ...request, entities, preparsedPolicySetId: 'set', ...typed })));
  return { ...one, ...known, requests: asked };
};
