import type { ProgramName } from '@ocm/sdk';
import { at } from './addresses.js';
import { type Field, fieldsOf, firstU64 } from './fields.js';
import { headOf } from './model/rewards.js';
import type { Bid, Bounty, Config, Lot, Participant, Pool, RewardStatus } from './model/state.js';

const TOKEN_AMOUNT_OFFSET = 64;

const participant = fieldsOf<Participant>('registry', 'Participant');
export const PARTICIPANT: readonly Field<Participant>[] = [
    participant('stakeFree', 'u64', ({ free }) => free),
    participant('stakeLocked', 'u64', ({ locked }) => locked),
    ...[0, 1, 2, 3].flatMap((slot) => [
        participant('unbonding', 'u64', ({ unbonding }) => unbonding[slot]!.amount, 16 * slot),
        participant('unbonding', 'i64', ({ unbonding }) => BigInt(unbonding[slot]!.readyAt), 16 * slot + 8),
    ]),
    participant('slashedTotal', 'u64', ({ slashedTotal }) => slashedTotal),
    participant('slashedInWindow', 'u64', ({ slashedInWindow }) => slashedInWindow),
    participant('status', 'u8', ({ jailed }) => (jailed ? 1 : 0)),
    participant('activeContracts', 'u32', ({ contracts }) => contracts),
    participant('auditorAdmittedAt', 'i64', ({ admittedAt }) => BigInt(admittedAt)),
    participant('nextContractNonce', 'u64', ({ nextNonce }) => nextNonce),
    participant('hot', 'u64', ({ hotKey }) => firstU64(at(`wallet:${hotKey}`).bytes)),
    participant('hotScope', 'u16', ({ hotScope }) => hotScope),
    participant('hotExpiresAt', 'i64', ({ hotExpiresAt }) => BigInt(hotExpiresAt)),
];

const pool = fieldsOf<Pool>('settlement', 'RewardPool');
export const POOL: readonly Field<Pool>[] = [
    pool('active', 'u64', ({ active }) => firstU64(headOf(active.members))),
    pool('active', 'u32', ({ active }) => active.members.length, 32),
    pool('active', 'u64', ({ active }) => active.total, 36),
    pool('pending', 'u64', ({ pending }) => (pending ? firstU64(headOf(pending.members)) : 0n)),
    pool('pending', 'u32', ({ pending }) => pending?.members.length ?? 0, 32),
    pool('pending', 'u64', ({ pending }) => pending?.total ?? 0n, 36),
    pool('paidTotal', 'u64', ({ paid }) => paid),
    pool('etaAt', 'i64', ({ pending, eta }) => (pending ? BigInt(eta) : 0n)),
    pool('bondHeld', 'u64', ({ pending, bond }) => (pending ? bond : 0n)),
    pool('statusCount', 'u32', ({ statuses }) => statuses.size),
    pool('isRetired', 'u8', ({ retired }) => (retired ? 1 : 0)),
];

const status = fieldsOf<RewardStatus>('settlement', 'RewardStatus');
export const STATUS: readonly Field<RewardStatus>[] = [
    status('owner', 'u64', ({ owner }) => firstU64(at(`wallet:${owner}`).bytes)),
    status('proven', 'u64', ({ proven }) => proven),
    status('claimed', 'u64', ({ claimed }) => claimed),
];

const lot = fieldsOf<Lot>('market', 'Lot');
export const LOT: readonly Field<Lot>[] = [
    lot('status', 'u8', ({ isCleared }) => (isCleared ? 1 : 0)),
    lot('bidCount', 'u32', ({ bidCount }) => bidCount),
    lot('openBids', 'u32', ({ openBids }) => openBids),
    lot('clearingPricePerGigabyte', 'u64', ({ price }) => price),
    lot('awardedKilobitsPerSecond', 'u64', ({ awarded }) => awarded),
    lot('standings', 'u32', ({ standings }) => standings.length),
];

const bid = fieldsOf<Bid>('market', 'Bid');
export const BID: readonly Field<Bid>[] = [
    bid('status', 'u8', ({ state }) => ['Committed', 'Revealed', 'Awarded'].indexOf(state)),
    bid('pricePerGigabyte', 'u64', ({ state, sealed }) => (state === 'Committed' ? 0n : sealed.price)),
    bid('kilobitsPerSecond', 'u64', ({ state, sealed }) => (state === 'Committed' ? 0n : sealed.rate)),
];

const bounty = fieldsOf<Bounty>('market', 'Bounty');
export const BOUNTY: readonly Field<Bounty>[] = [
    bounty('reward', 'u64', ({ reward }) => reward),
    bounty('sellers', 'u32', ({ paid }) => paid.length),
];

const config = fieldsOf<Config>('registry', 'Config');
export const CONFIG: readonly Field<Config>[] = [
    config('params', 'u32', ({ params }) => params.epochLengthsSecs[0]!),
    config('params', 'u32', ({ params }) => params.commitWindowSecs, 20),
    config('params', 'u32', ({ params }) => params.unbondSecs, 48),
    config('pendingParamsAt', 'i64', ({ queued }) => BigInt(queued?.readyAt ?? 0)),
    config('pauseBits', 'u16', ({ pauseBits }) => pauseBits),
    config('pauseStartedAt', 'i64', ({ pausedAt }) => BigInt(pausedAt)),
    config('pauseUntil', 'i64', ({ pauseUntil }) => BigInt(pauseUntil)),
];

const rate = (program: ProgramName, account: string, name: string) => [
    fieldsOf<bigint>(program, account)(name, 'u64', (value) => value),
];
export const NODE = rate('registry', 'Node', 'committedKilobitsPerSecond');
export const CLAIM = rate('market', 'CapacityClaim', 'committedKilobitsPerSecond');
export const OFFER = rate('market', 'Offer', 'remainingKilobitsPerSecond');
export const TOKENS: readonly Field<bigint>[] = [
    { name: 'amount', offset: TOKEN_AMOUNT_OFFSET, width: 'u64', expect: (value) => value },
];
