// SPDX-License-Identifier: Apache-2.0
// Cases with a schema: policies, templates with links, entities and requests that fit it, and some that do not.
import { below, chance, pick, times } from './random.mjs';
import { random_entities, random_request } from './typed_data.mjs';
import { condition_maker } from './typed_expressions.mjs';
import { random_schema, schema_text } from './typed_schema.mjs';

// A part of the scope that leaves the kind of request that the conditions are made for, or more.
const narrowed = (variable, type, schema, maker) => {
  const groups = schema.entities.find((e) => e.name === type).parents;
  return `${variable}${pick([` is ${type}`, ` is ${type}`, ` is ${type}`, ` is ${type}`, ` == ${maker.entity_name(type)}`,
    ...(groups.length > 0 ? [` in ${maker.entity_name(pick(groups))}`, ` is ${type} in ${maker.entity_name(pick(groups))}`] : [])])}`;
};

// Most are permits: one forbid hides what all permits of its set come to.
const policy = (schema, slip, slots) => {
  const action = pick(schema.actions);
  const env = { principal: pick(action.principals), resource: pick(action.resources), action };
  const maker = condition_maker(schema, env, slip);
  const bound = chance(0.8);
  const part = (variable, type) => slots.includes(variable)
    ? `${variable} ${pick(['==', 'in', `is ${type} in`])} ?${variable}` : bound ? narrowed(variable, type, schema, maker) : variable;
  const about = bound ? ` == ${schema.action_type}::${JSON.stringify(action.id)}` : pick(['', ` in ${maker.action_name()}`, ` in [${maker.action_name()}]`]);
  return `${chance(0.85) ? 'permit' : 'forbid'} (${part('principal', env.principal)}, action${about}, ${part('resource', env.resource)})` +
    times(below(3), () => `\n${pick(['when', 'when', 'unless'])} { ${maker.truth(1 + below(3))} }`).join('') + ';';
};

const template_links = (schema, templates) => templates.flatMap((text, i) => times(below(3), (k) => {
  const entity = () => ({ type: chance(0.05) ? 'Unknown' : pick(schema.entities).name, id: pick(['a', 'b', 'x']) });
  return { template: `template${i}`, id: `link${i}.${k}`, ...(text.includes('?principal') && { principal: entity() }),
    ...(text.includes('?resource') && { resource: entity() }) };
}));

export const typed_case = (requests) => {
  const schema = random_schema();
  const slip = chance(0.6) ? 0 : 0.05;
  const templates = chance(0.3) ? times(1 + below(2), () => policy(schema, slip, pick([['principal'], ['resource'], ['principal', 'resource']]))) : [];
  return { schema: schema_text(schema), policies: times(3 + below(8), () => policy(schema, slip, [])), templates, links: template_links(schema, templates),
    entities: random_entities(schema), requests: times(requests, () => random_request(schema)) };
};
