// SPDX-License-Identifier: Apache-2.0
// Cases that ask what the public corpus does not: several policies at once, templates with links, conditions of wrong
// types, and texts broken at random, whose refusal must agree. There is no schema.
//
// Integers stay below 2^53 wherever JavaScript handles them; beyond that they stand in policy text only.
import { below, pick, random, times } from './random.mjs';

const uid = (type, id) => ({ type, id });
const ref = (type, id) => ({ __entity: uid(type, id) });
const extn = (fn, arg) => ({ __extn: { fn, arg } });

const entities = [
  { uid: uid('User', 'a'), parents: [uid('Team', 't')], tags: { shift: 'night', level: 3 },
    attrs: { n: 5, m: -7, yes: true, no: false, s: 'abc*', e: ref('User', 'b'), r: { x: 1, y: { z: 'q' } }, numbers: [1, 2, 3],
      words: ['a', 'b'], teams: [ref('Team', 't')], ip: extn('ip', '10.0.0.1'), dec: extn('decimal', '1.5'),
      at: extn('datetime', '2024-03-01T12:00:00Z'), span: extn('duration', '36h'), if: 1 } },
  { uid: uid('User', 'b'), parents: [], attrs: { n: 0, yes: false } },
  { uid: uid('Team', 't'), parents: [uid('Org::Agency', 'o')], attrs: {} },
  { uid: uid('Org::Agency', 'o'), parents: [], attrs: { level: 1 } },
  { uid: uid('File', 'f'), parents: [uid('Team', 't')], attrs: { owner: ref('User', 'a'), words: ['x', 'y'] } },
  { uid: uid('Action', 'view'), parents: [uid('Action', 'all')], attrs: {} },
  { uid: uid('Action', 'all'), parents: [], attrs: {} },
];
const context = { yes: true, n: 3, ip: extn('ip', '1.1.1.1') };
const uids = ['User::"a"', 'User::"b"', 'Team::"t"', 'Org::Agency::"o"', 'File::"f"', 'User::"nobody"', 'Action::"all"', 'X::"\\u{41}"'];
const names = ['n', 'm', 'yes', 'no', 's', 'e', 'r', 'numbers', 'words', 'teams', 'ip', 'dec', 'at', 'span', 'x', 'y', 'z', 'owner', 'missing', 'level'];
const types = ['User', 'Team', 'Org::Agency', 'File', 'Nothing'];
const strings = ['""', '"a"', '"abc*"', '"b"', '"night"', '"shift"', '"\\n\\u{e9}\\x41"', '"é*"', '"\\0"'];
const patterns = ['"*"', '"a*"', '"*c\\\\*"', '"abc\\*"', '"a*c*"', '"**"', '""', '"\\u{61}*"', '"\\u{2a}"'];
const constants = ['ip("10.0.0.0/8")', 'ip("::1")', 'ip("x")', 'decimal("1.5")', 'decimal("-0.25")', 'decimal("1.23456")',
  'datetime("2024-02-29")', 'datetime("2024-03-01T12:00:00.000+0130")', 'datetime("2023-02-29")', 'duration("1d12h")',
  'duration("-1h30m")', 'duration("x")', 'duration("1ms")'];

// Expressions that are mostly, but not always, of the type asked for; `d` bounds their depth.
const bool = (d) => d <= 0 ? pick(['true', 'false', 'principal.yes', 'context.yes', 'principal.no', 'resource.yes']) : pick([
  () => `(${bool(d - 1)} && ${bool(d - 1)})`, () => `(${bool(d - 1)} || ${bool(d - 1)})`, () => `!(${bool(d - 1)})`,
  () => `${any(d - 1)} ${pick(['==', '!='])} ${any(d - 1)}`, () => `${number(d - 1)} ${pick(['<', '<=', '>', '>='])} ${number(d - 1)}`,
  () => `${extension(d - 1)} ${pick(['<', '>='])} ${extension(d - 1)}`, () => `${entity(d - 1)} in ${pick([entity, set])(d - 1)}`,
  () => `${entity(d - 1)} is ${pick(types)}`, () => `${entity(d - 1)} is ${pick(types)} in ${pick([entity, set])(d - 1)}`,
  () => `${string(d - 1)} like ${pick(patterns)}`, () => `${holder(d - 1)} has ${pick(names)}`,
  () => `${holder(d - 1)} has ${pick(names)}.${pick(names)}`, () => `${holder(d - 1)} has ${pick(strings)}`,
  () => `${set(d - 1)}.contains(${any(d - 1)})`, () => `${set(d - 1)}.${pick(['containsAll', 'containsAny'])}(${set(d - 1)})`,
  () => `${set(d - 1)}.isEmpty()`, () => `${entity(d - 1)}.hasTag(${string(d - 1)})`,
  () => `(if ${bool(d - 1)} then ${bool(d - 1)} else ${bool(d - 1)})`,
  () => `${extension(d - 1)}.${pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`,
  () => `${extension(d - 1)}.${pick(['isInRange', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${extension(d - 1)})`,
])();
const number = (d) => d <= 0
  ? pick(['0', '1', '-1', '5', '9223372036854775807', '-9223372036854775808', 'principal.n', 'context.n', 'principal.m'])
  : pick([() => `(${number(d - 1)} ${pick(['+', '-', '*'])} ${number(d - 1)})`, () => `-(${number(d - 1)})`, () => any(d - 1),
      () => `${extension(d - 1)}.${pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])}()`, () => number(0)])();
const string = (d) => d <= 0 ? pick(strings) : pick([() => pick(strings), () => 'principal.s', () => any(d - 1)])();
const entity = (d) => d <= 0 ? pick(['principal', 'action', 'resource', ...uids])
  : pick([() => pick(['principal', 'resource', ...uids]), () => `${holder(d - 1)}.${pick(['e', 'owner'])}`, () => any(d - 1)])();
const holder = (d) => d <= 0 ? pick(['principal', 'resource', 'context', 'principal.r'])
  : pick([() => entity(d - 1), () => `{${pick(names)}: ${any(d - 1)}, "k": ${any(d - 1)}}`, () => `${holder(d - 1)}.${pick(['r', 'y', 'e'])}`])();
const set = (d) => d <= 0 ? pick(['[]', 'principal.numbers', 'principal.words', 'resource.words', 'principal.teams', '[1, 2]'])
  : pick([() => `[${times(below(4), () => any(d - 1)).join(', ')}]`, () => any(d - 1), () => set(0)])();
const extension = (d) => d <= 0 ? pick(constants) : pick([() => pick(constants), () => `principal.${pick(['ip', 'dec', 'at', 'span'])}`,
  () => `${extension(d - 1)}.${pick(['offset', 'durationSince'])}(${extension(d - 1)})`, () => `${extension(d - 1)}.${pick(['toDate', 'toTime'])}()`,
  () => `${pick(['ip', 'decimal', 'datetime', 'duration'])}(${string(d - 1)})`, () => any(d - 1)])();
const any = (d) => pick([bool, number, string, entity, set, extension, holder, (x) => `${holder(x)}.${pick(names)}`,
  (x) => `${holder(x)}[${pick(strings)}]`, (x) => `${entity(x)}.getTag(${string(x)})`])(Math.max(0, d - 1));

const scope = (variable, slots) => random() < 0.6 ? '' : pick([` == ${pick(uids)}`, ` in ${pick(uids)}`, ` is ${pick(types)}`,
  ` is ${pick(types)} in ${pick(uids)}`, ...(slots ? [` == ?${variable}`, ` in ?${variable}`, ` is User in ?${variable}`] : [])]);
const policy = (slots) => pick(['', '@note("x") ', '@mark ']) + pick(['permit', 'permit', 'forbid']) +
  ` (principal${scope('principal', slots)}, action` +
  pick(['', ' == Action::"view"', ' in Action::"all"', ' in [Action::"all", Action::"edit"]', ' == Action::"edit"']) +
  `, resource${scope('resource', slots)})` + times(below(3), () => ` ${pick(['when', 'unless'])} { ${bool(1 + below(4))} }`).join('') + ';';
const template = () => { for (;;) { const text = policy(true); if (/\?(principal|resource)/.test(text)) return text; } };

const spare = ['if', 'in', 'is', 'has', 'like', 'true', '.', '(', ')', '[', ']', '{', '}', '!', '-', '*', '/', '%', '=', '@x', '::',
  '"s"', '1', '?principal', 'principal', '__cedar', 'then', ',', ';', '+', '<', '&&', '\n// c\n', 'x'];
const broken = (text) => {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|\w+|::|==|!=|<=|>=|&&|\|\||\s+|./gs);
  for (let i = 1 + below(2); i > 0; --i) {
    const at = below(tokens.length);
    pick([() => tokens.splice(at, 1), () => tokens.splice(at, 0, pick(tokens)), () => { tokens[at] = pick(tokens); },
      () => tokens.splice(at, 0, pick(spare))])();
  }
  return tokens.join('');
};

const links = (templates) => templates.flatMap((text, i) => times(below(3), (k) => ({
  template: `template${i}`, id: `link${i}.${k}`,
  ...(text.includes('?principal') && { principal: pick([uid('User', 'a'), uid('Team', 't'), uid('Org::Agency', 'o')]) }),
  ...(text.includes('?resource') && { resource: pick([uid('File', 'f'), uid('Team', 't')]) }),
})));

export const untyped_case = () => {
  const text = times(1 + below(4), () => policy(false));
  const templates = random() < 0.3 ? times(1 + below(2), template) : [];
  const request = { principal: uid('User', 'a'), action: uid('Action', 'view'), context,
    resource: pick([uid('File', 'f'), uid('User', 'b'), uid('Nothing', '?')]) };
  return { policies: random() < 0.3 ? [broken(text.join('\n'))] : text, templates, links: links(templates), entities, requests: [request] };
};
