// SPDX-License-Identifier: Apache-2.0
// Chance that a seed repeats: the same tests everywhere.
let state = 0;
export const seed = (number) => { state = number >>> 0; };
export const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
export const below = (n) => Math.floor(random() * n);
export const pick = (list) => list[below(list.length)];
export const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
export const chance = (p) => random() < p;

// A text as its tokens, blanks with what they follow; joined they are the text again.
export const tokens_of = (text) => text.match(/(?:"(?:\\.|[^"\\])*"|\w+|::|==|!=|<=|>=|&&|\|\||\S)\s*/gs) ?? [];
