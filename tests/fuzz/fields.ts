import { IDLS, type ProgramName } from '@ocm/sdk';
import { fieldOffset } from '../../sdk/src/programs/layout.js';
import { at } from './addresses.js';
import { headOf } from './model/rewards.js';
import type {
    Bid,
    Bounty,
    Challenge,
    Commitment,
    Config,
    Contract,
    Lot,
    Participant,
    Pool,
    Report,
    RewardStatus,
} from './model/state.js';

export type Width = 'u8' | 'u16' | 'u32' | 'u64' | 'i64';
export type Expected = number | bigint;
/** One figure of an account, and what the model says of it. */
export interface Field<Thing> {
    readonly name: string;
    readonly offset: number;
    readonly width: Width;
    readonly expect: (thing: Thing) => Expected;
}

const CONTRACT_STATES = ['Proposed', 'Active', 'Underfunded', 'Closing', 'Settled', 'Cancelled'];
const COMMITMENT_STATES = ['Committed', 'Seeded', 'Proven', 'CosignedFinal', 'Final', 'Settled', 'Failed', 'Expired'];
const CHALLENGE_STATES = ['Open', 'Included', 'Answered', 'Won'];
export const firstU64 = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
const bits = (flags: readonly boolean[]) => flags.reduce((sum, flag, place) => sum + (flag ? 2 ** place : 0), 0);
const TOKEN_AMOUNT_OFFSET = 64;

export function fieldsOf<Thing>(program: ProgramName, account: string) {
    return (name: string, width: Width, expect: (thing: Thing) => Expected, more = 0): Field<Thing> => ({
        name: more === 0 ? name : `${name}+${more}`,
        offset: fieldOffset(IDLS[program], account, name) + more,
        width,
        expect,
    });
}

const contract = fieldsOf<Contract>('market', 'Contract');
export const CONTRACT: readonly Field<Contract>[] = [
    contract('state', 'u8', ({ state }) => CONTRACT_STATES.indexOf(state)),
    contract('genesisAt', 'i64', ({ genesisAt }) => BigInt(genesisAt)),
    contract('epochCount', 'u32', ({ epochs }) => epochs),
    contract('capKilobitsPerSecond', 'u64', ({ cap }) => cap),
    ...[0, 1, 2].map((kind) => contract('cumBytes', 'u64', ({ bytes }) => bytes[kind]!, 8 * kind)),
    ...[0, 1, 2].map((kind) => contract('grossTotal', 'u64', ({ gross }) => gross[kind]!, 8 * kind)),
    contract('penaltyTotal', 'u64', ({ penalty }) => penalty),
    contract('topUpTotal', 'u64', ({ topUp }) => topUp),
    contract('paidTotal', 'u64', ({ paid }) => paid),
    contract('openGross', 'u64', ({ openGross }) => openGross),
    ...Array.from({ length: 9 }, (_, place) => contract('owed', 'u64', ({ owed }) => owed[place]!, 8 * place)),
    contract('openCommitments', 'u32', ({ open }) => open),
    contract('settledCommitments', 'u32', ({ settled }) => settled),
    contract('historySize', 'u64', ({ settled }) => BigInt(settled)),
    contract('depositedTotal', 'u64', ({ deposited }) => deposited),
    contract('bondTotal', 'u64', ({ bondTotal }) => bondTotal),
    contract('bondFree', 'u64', ({ bondFree }) => bondFree),
    contract('heldTotal', 'u64', ({ held }) => held),
    contract('slashPending', 'u64', ({ slashPending }) => slashPending),
    contract('committedEpoch', 'u32', ({ epoch }) => epoch),
    contract('committedKinds', 'u8', ({ kinds }) => kinds),
    contract('proveWindowSecs', 'u32', ({ params }) => params.proveWindowSecs),
    contract('challengeBond', 'u64', ({ params }) => params.challengeBond),
    contract('prefundEpochs', 'u16', ({ params }) => params.prefundEpochs),
    contract('committedBytes', 'u64', ({ epochBytes }) => epochBytes),
    ...Array.from({ length: 16 }, (_, level) =>
        contract('historyFrontier', 'u64', ({ frontier }) => firstU64(frontier[level]!), 32 * level),
    ),
];

const commitment = fieldsOf<Commitment>('settlement', 'DeliveryCommitment');
export const COMMITMENT: readonly Field<Commitment>[] = [
    commitment('state', 'u8', ({ state }) => COMMITMENT_STATES.indexOf(state)),
    commitment('epoch', 'u32', ({ epoch }) => epoch),
    commitment('kind', 'u8', ({ kind }) => kind),
    commitment('totalBytes', 'u64', ({ bytes }) => bytes),
    commitment('gross', 'u64', ({ gross }) => gross),
    commitment('lock', 'u64', ({ lock }) => lock),
    commitment('committedAt', 'i64', ({ committedAt }) => BigInt(committedAt)),
    commitment('deadline', 'i64', ({ deadline }) => BigInt(deadline)),
    commitment('closableAt', 'i64', ({ closableAt }) => BigInt(closableAt)),
    commitment('slaSource', 'u8', ({ slaSource }) => slaSource),
    commitment('slaSummary', 'u32', ({ summary }) => summary.availabilityPpm),
    commitment('slaSummary', 'u32', ({ summary }) => summary.errorPpm, 4),
    commitment('slaSummary', 'u16', ({ summary }) => summary.ttfbP95Ms, 8),
    commitment('slaSummary', 'u32', ({ summary }) => summary.stallPpm, 10),
    commitment('slaSummary', 'u32', ({ summary }) => summary.sessions, 14),
    commitment('samples', 'u8', ({ samples }) => samples),
    commitment('rearms', 'u8', ({ rearms }) => rearms),
    commitment('seedTargetSlot', 'u64', ({ seedTarget }) => BigInt(seedTarget)),
    commitment('seed', 'u64', ({ seed }) => firstU64(seed)),
    commitment('seededAt', 'i64', ({ seededAt }) => BigInt(seededAt)),
    commitment('inclusionBits', 'u16', ({ included }) => bits(included.map((leaf) => leaf !== null))),
    commitment('evidenceBits', 'u16', ({ evidenced }) => evidenced),
    commitment('openChallenges', 'u8', ({ openChallenges }) => openChallenges),
    commitment('freeChallenges', 'u8', ({ freeChallenges }) => freeChallenges),
    commitment('challengeCount', 'u16', ({ challengeCount }) => challengeCount),
    commitment('reportCount', 'u8', ({ reportCount }) => reportCount),
    commitment('failReason', 'u8', ({ failReason }) => failReason),
];

const challenge = fieldsOf<Challenge>('settlement', 'LeafChallenge');
export const CHALLENGE: readonly Field<Challenge>[] = [
    challenge('target', 'u64', ({ target }) => target),
    challenge('bond', 'u64', ({ bond }) => bond),
    challenge('payout', 'u64', ({ payout }) => payout),
    challenge('challenger', 'u64', ({ challenger }) => firstU64(at(`wallet:${challenger}`).bytes)),
    challenge('beneficiary', 'u64', ({ beneficiary }) => firstU64(at(`wallet:${beneficiary}`).bytes)),
    challenge('leafHash', 'u64', ({ leafHash }) => firstU64(leafHash)),
    challenge('deadline', 'i64', ({ deadline }) => BigInt(deadline)),
    challenge('state', 'u8', ({ state }) => CHALLENGE_STATES.indexOf(state)),
];

const report = fieldsOf<Report>('settlement', 'SlaReport');
export const REPORT: readonly Field<Report>[] = [
    report('summary', 'u32', ({ summary }) => summary.availabilityPpm),
    report('auditor', 'u64', ({ auditor }) => firstU64(at(`participant:${auditor}`).bytes)),
];

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
