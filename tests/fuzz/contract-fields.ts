import { at } from './addresses.js';
import { type Field, fieldsOf, firstU64 } from './fields.js';
import type { Challenge, Commitment, Contract, Report } from './model/state.js';

const CONTRACT_STATES = ['Proposed', 'Active', 'Underfunded', 'Closing', 'Settled', 'Cancelled'];
const COMMITMENT_STATES = ['Committed', 'Seeded', 'Proven', 'CosignedFinal', 'Final', 'Settled', 'Failed', 'Expired'];
const CHALLENGE_STATES = ['Open', 'Included', 'Answered', 'Won'];
const bits = (flags: readonly boolean[]) => flags.reduce((sum, flag, place) => sum + (flag ? 2 ** place : 0), 0);

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
