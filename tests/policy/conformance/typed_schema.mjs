// SPDX-License-Identifier: Apache-2.0
// A random schema that is right: as a model for the generators of policies and data, and as text.
//
// A type is { kind: 'Bool' | 'Long' | 'String' | 'decimal' | 'ipaddr' | 'datetime' | 'duration' }, { kind: 'entity', name },
// { kind: 'set', of } or { kind: 'record', attributes: [{ name, type, required }] }, with `alias` where the text names it.
import { below, chance, pick, times } from './random.mjs';

const plain = ['Bool', 'Bool', 'Long', 'Long', 'String', 'decimal', 'ipaddr', 'datetime', 'duration'];
const attribute_names = ['a', 'b', 'c', 'd', 'level', 'if', 'two words', '\u00e9'];

export const quoted = (name) => JSON.stringify(name);
export const is_word = (name) => /^[A-Za-z_]\w*$/.test(name) && name !== 'if';
export const key_of = (type) => type.kind === 'entity' ? type.name : type.kind === 'set' ? `Set<${key_of(type.of)}>`
  : type.kind === 'record' ? `{${type.attributes.map((a) => `${a.name}${a.required ? '' : '?'}:${key_of(a.type)}`).sort().join()}}` : type.kind;

const distinct = (n, list) => [...new Set(times(n, () => pick(list)))];
const record_type = (depth, entities, commons) => ({ kind: 'record', attributes: distinct(below(5), attribute_names)
  .map((name) => ({ name, type: some_type(depth - 1, entities, commons), required: chance(0.6) })) });
const some_type = (depth, entities, commons) => {
  if (commons.length > 0 && chance(0.15)) return pick(commons);
  if (depth > 0 && chance(0.25)) return { kind: 'set', of: some_type(depth - 1, entities, commons) };
  if (depth > 0 && chance(0.25)) return record_type(depth, entities, commons);
  return chance(0.35) ? { kind: 'entity', name: pick(entities) } : { kind: pick(plain) };
};

const own = (space, name) => space === '' ? name : `${space}::${name}`;

export const random_schema = () => {
  const spaces = pick([[''], ['N'], ['', 'N'], ['N', 'N::M']]);
  const names = times(3 + below(3), (i) => own(pick(spaces), `E${i}`));
  const commons = times(below(3), (i) => ({ ...record_type(2, names, []), alias: own(pick(spaces), `T${i}`) }));
  const entities = names.map((name) => chance(0.2) ? { name, ids: ['x', 'y', 'z w'], attributes: [], parents: [] }
    : { name, ...record_type(2, names, commons), parents: distinct(below(3), names), ...(chance(0.35) && { tags: some_type(1, names, commons) }) });
  const space = pick(spaces);
  const type = own(space, 'Action');
  const groups = times(1 + below(2), (i) => ({ id: `group${i}`, parents: i > 0 && chance(0.5) ? ['group0'] : [] }));
  const actions = times(1 + below(2), (i) => ({ id: pick([`do${i}`, `do it ${i}`]), parents: distinct(below(3), groups.map((g) => g.id)),
    principals: distinct(1 + below(2), names), resources: distinct(1 + below(2), names),
    context: commons.length > 0 && chance(0.3) ? pick(commons) : record_type(2, names, commons) }));
  return { spaces, commons, entities, action_type: type, groups, actions };
};

const type_text = (type) => type.alias ?? (type.kind === 'entity' ? type.name : type.kind === 'set' ? `Set<${type_text(type.of)}>`
  : type.kind === 'record' ? record_text(type) : type.kind);
const record_text = ({ attributes }) => `{ ${attributes.map((a) =>
  `${is_word(a.name) ? a.name : quoted(a.name)}${a.required ? '' : '?'}: ${type_text(a.type)}`).join(', ')} }`;

export const schema_text = (schema) => schema.spaces.map((space) => {
  const local = (name) => name.slice(space === '' ? 0 : space.length + 2);
  const here = (name) => name.split('::').slice(0, -1).join('::') === space;
  const lines = [
    ...schema.commons.filter((t) => here(t.alias)).map((t) => `type ${local(t.alias)} = ${record_text(t)};`),
    ...schema.entities.filter((e) => here(e.name)).map((e) => `entity ${local(e.name)}` + (e.ids ? ` enum [${e.ids.map(quoted).join(', ')}];`
      : `${e.parents.length > 0 ? ` in [${e.parents.join(', ')}]` : ''} = ${record_text(e)}${e.tags ? ` tags ${type_text(e.tags)}` : ''};`)),
    ...(here(schema.action_type) ? [...schema.groups, ...schema.actions].map((a) => `action ${quoted(a.id)}` +
      (a.parents.length > 0 ? ` in [${a.parents.map(quoted).join(', ')}]` : '') + (a.context
      ? ` appliesTo { principal: [${a.principals.join(', ')}], resource: [${a.resources.join(', ')}], context: ${type_text(a.context)} };` : ';')) : []),
  ];
  return space === '' ? lines.join('\n') : `namespace ${space} {\n${lines.join('\n')}\n}`;
}).join('\n');
