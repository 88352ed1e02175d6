// SPDX-License-Identifier: Apache-2.0
// Entities and requests that fit a schema, and now and then some that do not.
import { below, chance, pick, times } from './random.mjs';

const uid = (type, id) => ({ type, id });
export const ids_of = (entity) => entity.ids ?? ['a', 'b', 'ghost'];  // of the ghost nobody tells anything
const extensions = {
  decimal: ['decimal', ['0.0', '1.5', '-3.1415', '922337203685477.5807']],
  ipaddr: ['ip', ['10.0.0.1', '10.0.0.0/8', '::1', '224.0.0.1', 'fe80::/10']],
  datetime: ['datetime', ['1970-01-01', '2024-02-29', '2024-03-01T12:00:00Z', '2024-03-01T12:00:00.123+0130']],
  duration: ['duration', ['0ms', '1d12h', '-1h30m', '36h', '5s']],
};

export const extension_texts = (kind) => extensions[kind][1];
export const constructor_of = (kind) => extensions[kind][0];

const value_of = (type, schema) => {
  switch (type.kind) {
    case 'Bool': return chance(0.5);
    case 'Long': return pick([0, 1, -1, 3, 10, 9007199254740991]);
    case 'String': return pick(['', 'a', 'b', 'a*b', 'x y', '\u00e9']);
    case 'entity': {
      const name = uid(type.name, pick(ids_of(schema.entities.find((e) => e.name === type.name))));
      return chance(0.3) ? name : { __entity: name };
    }
    case 'set': return times(below(4), () => value_of(type.of, schema));
    case 'record': return record_of(type.attributes, schema);
    default: {
      const arg = pick(extensions[type.kind][1]);
      return chance(0.3) ? arg : { __extn: { fn: extensions[type.kind][0], arg } };
    }
  }
};
const record_of = (attributes, schema) => Object.fromEntries(attributes.filter((a) => a.required || chance(0.6))
  .map((a) => [a.name, value_of(a.type, schema)]));

const anything = () => pick([true, 1, 'a', [], [1, 'a'], {}, { __extn: { fn: 'ip', arg: '1.1.1.1' } }, { __extn: { fn: 'ip', arg: 'x' } },
  { __entity: uid('E0', 'a') }, { type: 'E0', id: 'a' }, { a: 1 }]);
const spoil = (record) => {
  const names = Object.keys(record);
  pick([() => { record[pick([...names, 'more'])] = anything(); }, () => { delete record[pick([...names, 'none'])]; }, () => { record.more = 1; }])();
};

// Each lies in entities further down the list only, so that none lies in itself.
export const random_entities = (schema) => {
  const list = schema.entities.flatMap((entity) => (entity.ids ?? ['a', 'b']).map((id) => ({ entity, uid: uid(entity.name, id) })));
  const out = list.map(({ entity, uid: name }, i) => ({ uid: name, attrs: record_of(entity.attributes, schema),
    parents: list.slice(i + 1).filter((other) => entity.parents.includes(other.entity.name) && chance(0.5)).map((other) => other.uid),
    ...(entity.tags && { tags: Object.fromEntries(['k', 'a b'].filter(() => chance(0.6)).map((key) => [key, value_of(entity.tags, schema)])) }) }));
  if (chance(0.15)) {
    const one = pick(out);
    pick([() => spoil(one.attrs), () => spoil(one.attrs), () => { one.tags = { ...one.tags, k: anything() }; }, () => { one.uid = uid(one.uid.type, 'new'); },
      () => { one.parents = [uid(pick(schema.entities).name, 'p')]; }, () => { one.uid = uid('Unknown', 'a'); },
      () => out.push({ uid: uid(schema.action_type, 'do0'), attrs: {}, parents: [] })])();
  }
  return out.filter(() => chance(0.9));
};

export const random_request = (schema) => {
  const action = pick(schema.actions);
  const one = (names) => { const name = pick(names); return uid(name, pick(ids_of(schema.entities.find((e) => e.name === name)))); };
  const request = { principal: one(action.principals), action: uid(schema.action_type, action.id), resource: one(action.resources),
    context: record_of(action.context.attributes, schema) };
  if (chance(0.15)) {
    pick([() => spoil(request.context), () => spoil(request.context), () => { request.principal = one(schema.entities.map((e) => e.name)); },
      () => { request.resource = one(schema.entities.map((e) => e.name)); }, () => { request.principal = uid(request.principal.type, 'other'); },
      () => { request.action = uid(schema.action_type, pick(['group0', 'nothing'])); }, () => { request.resource = uid('Unknown', 'a'); }])();
  }
  return request;
};
