// SPDX-License-Identifier: Apache-2.0
// Schemas that are nearly right: whole ones of which a few words were dropped, doubled, moved or made others.
import { below, pick, times, tokens_of } from './random.mjs';

const whole = [
  'entity A; entity B in [A] = { a: A, "b c"?: Set<String> } tags ipaddr; type T = { t: Long, u?: B }; entity C enum ["x", "y"];\n' +
    'action all; action go, "come" in [all] appliesTo { principal: [A, B], resource: C, context: T };',
  'namespace N { type T = Set<U>; type U = { v: Long }; entity A = { t: T }; action go appliesTo { principal: A, resource: A }; }\n' +
    'namespace N::M { entity A in N::A; action go in N::Action::"go"; action come in [go]; }',
  '@doc("d") namespace N { @one entity A { @two("2") a: Bool }; @three action go; @four type T = String; }\n' +
    '@five entity B; @six("6") action all;',
  'type decimal = Long; type X = __cedar::decimal; entity ipaddr; entity A { a: ipaddr, b: decimal, c: X, d: __cedar::String };',
  'namespace A { entity B; entity C in [B, A::B]; } namespace B { entity C in A::B; type T = A::C; } entity A in B::C;',
  'action a; action b in a; action c in ["b", a] appliesTo { principal: [P], resource: [R, P], context: {} }; entity P; entity R;',
  'entity A, B; type T = { a: { b: { c: Set<Set<A>> } } }; action x appliesTo { context: T, resource: [A], principal: [B], };',
];
const spare = ['@x', '@x("1")', '@', '__cedar', '__cedar::', 'entity', 'action', 'type', 'namespace N {', 'N::', '::', 'in', 'in A', 'in [A]',
  'appliesTo', 'tags', 'tags Long', 'enum', 'enum ["x"]', 'Set', 'Set<', '>', 'Bool', 'Boolean', 'Long', 'String', 'Record', 'Entity',
  'Extension', 'Action', 'Action::"go"', 'decimal', 'datetime', 'ipaddr', '{', '}', '[', ']', '{}', '[]', '(', ')', ',', ';', ':', '?', '=', '<', '"s"', '""',
  '"Action"', '"__cedar"', 'principal', 'resource', 'context', 'attributes {}', 'attributes', 'if', 'true', 'like', 'is', 'has', 'A', 'B', 'T', 'a', 'go', 'permit',
  '"a\\nb"', '"\\u{41}"', '"\\q"', '1', 'type T = T;', 'type T = Long;', 'type A = Long;', 'entity A;', 'entity B;', 'entity T;', 'action go;', 'action a;',
  'action a in a;', 'type U = T;', '// c\n', '/* c */', 'entity Action;', 'type Action = Long;', 'type Set = Long;', 'entity Set;', 'entity Long;', 'entity String;', 'namespace Action { entity A; }',
  'namespace __cedar { entity A; }', 'namespace N {}', '@doc("d")', '@doc("d") @doc("e")', '@if', '@"x"', '@x("")', '@x(1)', '@x()', '-', 'principal: A,', 'context: {},'];

const declarations = spare.filter((text) => /^(entity|action|type|namespace) .*[;}]$/.test(text));
const names = [...'ABCNPRTUXabgtuv', 'go', 'all', 'Set', 'Long', 'Bool', 'String', 'decimal', 'Action', 'Entity', 'Record', 'Extension', '__cedar', 'if', 'in', 'is',
  'principal', 'resource', 'context', 'entity', 'type', 'action', 'namespace', 'tags', 'enum', 'appliesTo', 'attributes', 'N::A', 'A::B', 'N::M::A',
  '__cedar::Long', '__cedar::A', 'N::__cedar::A', '::A', 'A::'];
const is_name = (part) => /^\w+\s*$/.test(part) && !/^(entity|action|type|namespace|in|appliesTo|enum|tags)\s*$/.test(part);

// Mistakes of meaning, which leave the syntax whole more often than not; then those of syntax.
const rename = (parts) => { const places = [...parts.keys()].filter((at) => is_name(parts[at])); parts[pick(places)] = pick(names) + ' '; };
const declare = (parts) => { const places = [...parts.keys()].filter((at) => /^[;]/.test(parts[at])); parts.splice(pick(places) + 1, 0, ' ' + pick(declarations) + ' '); };
const annotate = (parts) => { const places = [...parts.keys()].filter((at) => /^[;{},]/.test(parts[at])); parts.splice(pick(places) + 1, 0, ' ' + pick(['@x ', '@y("1") ', '@x @x ', '@if ', '@__cedar '])); };
const anywhere = (parts) => {
  const at = below(parts.length), other = below(parts.length);
  pick([() => parts.splice(at, 1), () => parts.splice(at, 0, parts[other] + ' '), () => { parts[at] = parts[other] + ' '; },
    () => parts.splice(at, 0, pick(spare) + ' '), () => { parts[at] = pick(spare) + ' '; },
    () => { [parts[at], parts[other]] = [parts[other], parts[at]]; }])();
};

export const broken_schema = () => {
  const parts = tokens_of(pick(whole) + (below(4) === 0 ? ' ' + pick(whole) : ''));
  times(1 + below(3), () => pick([rename, rename, declare, annotate, anywhere])(parts));
  return parts.join('');
};
