export { AddressBits, parseAddressInto } from './address.js';
export { isReplayable, type Replayed, replay } from './decision/replay.js';
export { type PrefixBits, parsePrefixBits } from './prefix-bits.js';
export { Router } from './router.js';
export type { RouteAnswer, RouterOptions } from './router-options.js';
export { PrefixTable } from './table/prefix-table.js';
