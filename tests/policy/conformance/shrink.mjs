// SPDX-License-Identifier: Apache-2.0
// The smallest case that still differs:
//   node shrink.mjs CEDAR_CONFORMANCE CASE.json OUT_DIR
// Leaves out policies, links, entities, attributes and words as long as both implementations still disagree in the same
// way, writes what is left to OUT_DIR and prints it. Copied to kept/ under a name that says what it claims, it is a
// regression test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read_case, write_case } from './cases.mjs';
import { answer } from './official.mjs';
import { tokens_of } from './random.mjs';

const [program, file, out] = process.argv.slice(2);
const trials_max = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'shrink-'));
let trials = 0;

// Ways to differ; a smaller case must not slip from one into another.
const kinds = [/read here, but not there/, /valid here/, /fit/, /expected (allow|deny)/, /./];

const difference = (one) => {
  if (++trials > trials_max) return undefined;
  try {
    write_case(folder, 'case', answer(one));
  } catch {
    return undefined;
  }
  const { status, stdout } = spawnSync(program, [folder], { encoding: 'utf8' });
  rmSync(join(folder, 'case.json'));
  const complaint = stdout.split('\n').find((line) => line.includes('case.json: '))?.replace(/^.*case\.json: /, '');
  if (status === 0 || complaint === undefined) return undefined;
  return { complaint, kind: kinds.findIndex((kind) => kind.test(complaint)) };
};

let smallest = read_case(file);
const first = difference(smallest);
if (first === undefined) {
  console.log(`${file}: no difference`);
  process.exit(2);
}
const adopt = (candidate) => {
  if (difference(candidate)?.kind !== first.kind) return false;
  smallest = candidate;
  return true;
};

// Leaves out ever smaller parts of a list; `put` makes a case of what remains.
const leave_out = (list, put) => {
  let kept = list, changed = false;
  for (let size = Math.max(1, kept.length >> 1); size >= 1; size >>= 1) {
    for (let at = 0; at < kept.length;) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (adopt(put(rest))) {
        kept = rest;
        changed = true;
      } else {
        at += size;
      }
    }
  }
  return changed;
};
const with_at = (list, i, value) => list.map((old, k) => (k === i ? value : old));
const fields = (record, put) => leave_out(Object.entries(record ?? {}), (rest) => put(Object.fromEntries(rest)));

// A template's name is its place, so that what follows one left out moves up.
const templates = () => {
  let changed = false;
  for (let i = smallest.templates.length - 1; i >= 0; --i) {
    const place = (name) => Number(name.slice('template'.length));
    const links = smallest.links.filter((link) => place(link.template) !== i)
      .map((link) => ({ ...link, template: `template${place(link.template) - (place(link.template) > i ? 1 : 0)}` }));
    changed = adopt({ ...smallest, templates: smallest.templates.filter((_, k) => k !== i), links }) || changed;
  }
  return changed;
};

const entity_parts = () => smallest.entities.map((_, i) => {
  const put = (part) => (value) => ({ ...smallest, entities: with_at(smallest.entities, i, { ...smallest.entities[i], [part]: value }) });
  return [fields(smallest.entities[i].attrs, put('attrs')), fields(smallest.entities[i].tags, put('tags')),
    leave_out(smallest.entities[i].parents, put('parents'))].some(Boolean);
}).some(Boolean);
const contexts = () => smallest.requests.map((request, i) => fields(request.context, (context) =>
  ({ ...smallest, requests: with_at(smallest.requests, i, { ...request, context }) }))).some(Boolean);
const words = (part) => smallest[part].map((text, i) => leave_out(tokens_of(text), (rest) =>
  ({ ...smallest, [part]: with_at(smallest[part], i, rest.join('')) }))).some(Boolean);
// What stands in brackets, without them, or `true` in its place.
const brackets = (part) => smallest[part].map((_, i) => {
  let changed = false;
  for (let at = 0; at < tokens_of(smallest[part][i]).length; ++at) {
    const words = tokens_of(smallest[part][i]);
    const end = end_of_bracket(words, at);
    const put = (rest) => adopt({ ...smallest, [part]: with_at(smallest[part], i, rest.join('')) });
    if (end === undefined) continue;
    changed = put([...words.slice(0, at), 'true ', ...words.slice(end + 1)]) ||
      put([...words.slice(0, at), ...words.slice(at + 1, end), ...words.slice(end + 1)]) || changed;
  }
  return changed;
}).some(Boolean);
const end_of_bracket = (words, at) => {
  if (!/^[([{]/.test(words[at])) return undefined;
  for (let i = at, depth = 0; i < words.length; ++i) {
    depth += /^[([{]/.test(words[i]) ? 1 : /^[)\]}]/.test(words[i]) ? -1 : 0;
    if (depth === 0) return i;
  }
  return undefined;
};
const schema = (apart) => () => smallest.schema !== undefined &&
  leave_out(apart(smallest.schema), (rest) => ({ ...smallest, schema: rest.join('') }));
const no_schema = () => smallest.schema !== undefined && adopt({ ...smallest, schema: undefined });
const declarations_of = (text) => text.split(/(?<=[;{}]\n)/);
const part = (name) => () => leave_out(smallest[name], (rest) => ({ ...smallest, [name]: rest }));

const steps = [part('requests'), templates, part('links'), part('policies'), part('entities'), entity_parts, contexts,
  no_schema, () => brackets('policies'), () => words('policies'), () => brackets('templates'), () => words('templates'),
  schema(declarations_of), schema(tokens_of)];
while (steps.map((step) => step()).some(Boolean) && trials < trials_max);

const told = difference({ ...smallest }) ?? first;
mkdirSync(out, { recursive: true });
write_case(out, 'smallest', answer(smallest));
rmSync(folder, { recursive: true });
console.log(`the smallest case that differs, after ${trials} trials: ${told.complaint}`);
for (const name of readdirSync(out).sort()) console.log(`--- ${name}\n${readFileSync(join(out, name), 'utf8')}`);
console.log(`to keep it: copy ${out}/smallest.* to tests/policy/conformance/kept/ under a name of its own`);
