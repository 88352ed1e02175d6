// SPDX-License-Identifier: Apache-2.0
// Cases as files, in the form of Cedar's public tests: NAME.json, and beside it what it names.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const write_case = (folder, name, one) => {
  const file = (ending, text) => {
    writeFileSync(join(folder, `${name}.${ending}`), text);
    return `${name}.${ending}`;
  };
  const { schema, policies, templates, links, entities, ...rest } = one;
  const json = {
    policies: file('cedar', policies.join('\n')),
    entities: file('entities.json', JSON.stringify(entities)),
    ...(templates.length > 0 && { templates: file('templates.cedar', templates.join('\n')), links }),
    ...(schema !== undefined && { schema: file('cedarschema', schema) }),
    ...rest,
  };
  file('json', JSON.stringify(json));
};

// Policies and templates come back as one text each where a `;` ends a line, as write_case leaves them.
const apart = (text) => text.split(/(?<=;)\n/).filter((part) => part.trim() !== '');

export const read_case = (path) => {
  const json = JSON.parse(readFileSync(path, 'utf8'));
  const text = (name) => readFileSync(join(dirname(path), name), 'utf8');
  return {
    ...(json.schema && { schema: text(json.schema) }),
    policies: apart(text(json.policies)),
    templates: json.templates ? apart(text(json.templates)) : [],
    links: json.links ?? [],
    entities: JSON.parse(text(json.entities)),
    requests: json.requests.map(({ principal, action, resource, context }) => ({ principal, action, resource, context })),
  };
};
