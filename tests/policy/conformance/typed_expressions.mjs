// SPDX-License-Identifier: Apache-2.0
// Conditions of the types that a schema asks for, under one kind of request { principal, action, resource }.
//
// What may be missing is asked for first, mostly. `slip` is the share of places that get something of another type.
import { below, chance, pick, times } from './random.mjs';
import { constructor_of, extension_texts, ids_of } from './typed_data.mjs';
import { is_word, key_of, quoted } from './typed_schema.mjs';

const bool = { kind: 'Bool' }, long = { kind: 'Long' }, string = { kind: 'String' };
const paths_max = 150;

// All ways from the variables to a value: { text, type, guards }, those that may be missing with what asks for them.
const paths_of = (schema, env) => {
  const entity = (name) => schema.entities.find((e) => e.name === name);
  const open = [['principal', { kind: 'entity', name: env.principal }], ['resource', { kind: 'entity', name: env.resource }],
    ['context', { kind: 'record', attributes: env.action.context.attributes }]].map(([text, type]) => ({ text, type, guards: [], depth: 0 }));
  const out = [];
  while (open.length > 0 && out.length < paths_max) {
    const at = open.shift();
    out.push(at);
    if (at.depth === 3) continue;
    const of = at.type.kind === 'entity' ? entity(at.type.name) : at.type;
    for (const { name, type, required } of of?.attributes ?? []) {
      const text = is_word(name) && chance(0.8) ? `${at.text}.${name}` : `${at.text}[${quoted(name)}]`;
      const guards = required && chance(0.9) ? at.guards : [...at.guards, `${at.text} has ${is_word(name) ? name : quoted(name)}`];
      open.push({ text, type, guards, depth: at.depth + 1 });
    }
    if (at.type.kind === 'entity' && of?.tags) {
      const key = pick(['"k"', '"a b"']);
      open.push({ text: `${at.text}.getTag(${key})`, type: of.tags, guards: [...at.guards, `${at.text}.hasTag(${key})`], depth: at.depth + 1 });
    }
  }
  return out;
};

export const condition_maker = (schema, env, slip) => {
  const paths = paths_of(schema, env);
  const types = [bool, long, string, ...paths.map((path) => path.type)];
  const entity_name = (name) => `${name}::${quoted(pick(ids_of(schema.entities.find((e) => e.name === name))))}`;
  const action_name = () => `${schema.action_type}::${quoted(pick([...schema.actions, ...schema.groups]).id)}`;

  // An expression with the guards that it still needs.
  const joined = (parts, text) => ({ text: text(...parts.map((part) => part.text)), guards: parts.flatMap((part) => part.guards) });
  const sure = (text) => ({ text, guards: [] });

  const literal = (type) => {
    switch (type.kind) {
      case 'Bool': return sure(pick(['true', 'false']));
      case 'Long': return sure(pick(['0', '1', '-1', '3', '10', '9223372036854775807', '-9223372036854775808']));
      case 'String': return sure(pick(['""', '"a"', '"b"', '"x y"', '"\\u{e9}"']));
      case 'entity': return sure(entity_name(type.name));
      case 'set': return sure(`[${literal(type.of).text}]`);
      case 'record': return sure(`{${type.attributes.filter((a) => a.required).map((a) => `${quoted(a.name)}: ${literal(a.type).text}`).join(', ')}}`);
      default: return sure(`${constructor_of(type.kind)}(${quoted(chance(slip) ? 'x' : pick(extension_texts(type.kind)))})`);
    }
  };

  const of = (type, depth) => {
    if (chance(slip)) type = pick(types);
    if (type.kind === 'Bool' && depth > 0) return chance(0.7) ? sure(truth(depth)) : from_path(type);
    if (depth <= 0 || chance(0.4)) return chance(0.7) ? from_path(type) : literal(type);
    if (chance(0.1)) return joined([sure(truth(depth - 1)), of(type, depth - 1), of(type, depth - 1)], (a, b, c) => `(if ${a} then ${b} else ${c})`);
    switch (type.kind) {
      case 'Long': return pick([
        () => joined([of(long, depth - 1), of(long, depth - 1)], (a, b) => `(${a} ${pick(['+', '-', '*'])} ${b})`),
        () => joined([of(long, depth - 1)], (a) => `(-${a})`),
        () => joined([of({ kind: 'duration' }, depth - 1)], (a) => `${a}.${pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])}()`)])();
      case 'datetime': return pick([
        () => joined([of(type, depth - 1), of({ kind: 'duration' }, depth - 1)], (a, b) => `${a}.offset(${b})`),
        () => joined([of(type, depth - 1)], (a) => `${a}.toDate()`)])();
      case 'duration': return pick([
        () => joined([of({ kind: 'datetime' }, depth - 1), of({ kind: 'datetime' }, depth - 1)], (a, b) => `${a}.durationSince(${b})`),
        () => joined([of({ kind: 'datetime' }, depth - 1)], (a) => `${a}.toTime()`)])();
      case 'set': return joined(times(1 + below(3), () => of(type.of, depth - 1)), (...all) => `[${all.join(', ')}]`);
      case 'record': {
        const there = type.attributes.filter((a) => a.required || chance(slip));
        return joined(there.map((a) => of(a.type, depth - 1)), (...all) => `{${all.map((text, i) => `${quoted(there[i].name)}: ${text}`).join(', ')}}`);
      }
      default: return from_path(type);
    }
  };

  const from_path = (type) => {
    const key = key_of(type);
    const fitting = paths.filter((path) => key_of(path.type) === key);
    return fitting.length > 0 ? pick(fitting) : literal(type);
  };

  const guarded = ({ text, guards }) => {
    const needed = [...new Set(guards)];
    if (needed.length === 0 || chance(slip)) return text;
    if (chance(0.1)) return `(if ${needed.join(' && ')} then ${text} else ${pick(['true', 'false'])})`;
    if (chance(0.05)) return `((${truth(0)} || ${needed.join(' && ')}) && ${text})`;
    if (chance(0.05)) return `((${needed.join(' && ')} && ${truth(0)} || ${needed.join(' && ')}) && ${text})`;
    if (chance(slip)) return `(!(${needed.join(' && ')}) || ${text})`;
    return `(${needed.join(' && ')} && ${text})`;
  };

  const compared = (depth) => {
    const type = pick(types), path = pick(paths);
    const entity = { kind: 'entity', name: pick(schema.entities).name };
    return pick([
      () => joined([of(type, depth), of(type, depth)], (a, b) => `${a} ${pick(['==', '!='])} ${b}`),
      () => { const ordered = { kind: pick(['Long', 'Long', 'datetime', 'duration']) };
        return joined([of(ordered, depth), of(ordered, depth)], (a, b) => `${a} ${pick(['<', '<=', '>', '>='])} ${b}`); },
      () => joined([of({ kind: 'decimal' }, depth), of({ kind: 'decimal' }, depth)], (a, b) =>
        `${a}.${pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${b})`),
      () => joined([of({ kind: 'ipaddr' }, depth), of({ kind: 'ipaddr' }, depth)], (a, b) =>
        pick([`${a}.isInRange(${b})`, `${a}.${pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`])),
      () => joined([of(string, depth)], (a) => `${a} like ${pick(['"*"', '"a*"', '"*b"', '"a\\*b"', '"x*y"'])}`),
      () => joined([of({ kind: 'set', of: type }, depth), of(type, depth)], (a, b) => `${a}.contains(${b})`),
      () => joined([of({ kind: 'set', of: type }, depth), of({ kind: 'set', of: type }, depth)], (a, b) => `${a}.${pick(['containsAll', 'containsAny'])}(${b})`),
      () => joined([of({ kind: 'set', of: type }, depth)], (a) => `${a}.isEmpty()`),
      () => joined([of({ kind: 'entity', name: pick([env.principal, env.resource, entity.name]) }, depth), of(entity, depth)], (a, b) => `${a} in ${pick([b, `[${b}]`])}`),
      () => joined([of(entity, depth)], (a) => `${a} is ${pick(schema.entities).name}${chance(0.3) ? ` in ${entity_name(pick(schema.entities).name)}` : ''}`),
      () => sure(`action ${pick(['==', '!=', 'in'])} ${action_name()}`),
      () => sure(`action in [${action_name()}, ${action_name()}]`),
      () => ({ text: `${path.text} has ${pick(['a', 'b', 'level', '"two words"', 'a.b', 'level.c'])}`, guards: path.guards }),
      () => ({ text: `${path.text}.hasTag("k")`, guards: path.guards }),
    ])();
  };

  const truth = (depth) => depth <= 0 ? guarded(from_path(bool)) : pick([
    () => guarded(compared(depth - 1)), () => guarded(compared(depth - 1)), () => guarded(compared(depth - 1)),
    () => `(${truth(depth - 1)} && ${truth(depth - 1)})`, () => `(${truth(depth - 1)} || ${truth(depth - 1)})`, () => `!(${truth(depth - 1)})`,
    () => `(if ${truth(depth - 1)} then ${truth(depth - 1)} else ${truth(depth - 1)})`,
  ])();
  return { truth, entity_name, action_name };
};
