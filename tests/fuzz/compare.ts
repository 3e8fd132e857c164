import { IDLS, type ProgramName } from '@ocm/sdk';
import { fieldOffset } from '../../sdk/src/programs/layout.js';
import { at } from './addresses.js';
import type { Machine } from './machine.js';
import type { Commitment, Contract, Model, Participant } from './model/state.js';

type Width = 'u8' | 'u16' | 'u32' | 'u64' | 'i64';
type Expected = number | bigint;
interface Field<Thing> {
    readonly name: string;
    readonly offset: number;
    readonly width: Width;
    readonly expect: (thing: Thing) => Expected;
}

const CONTRACT_STATES = ['Proposed', 'Active', 'Underfunded', 'Closing', 'Settled', 'Cancelled'];
const COMMITMENT_STATES = ['Committed', 'Seeded', 'Proven', 'CosignedFinal', 'Final', 'Settled', 'Failed', 'Expired'];
const TOKEN_AMOUNT_OFFSET = 64;

function fieldsOf<Thing>(program: ProgramName, account: string) {
    return (name: string, width: Width, expect: (thing: Thing) => Expected, more = 0): Field<Thing> => ({
        name: more === 0 ? name : `${name}+${more}`,
        offset: fieldOffset(IDLS[program], account, name) + more,
        width,
        expect,
    });
}

const contract = fieldsOf<Contract>('market', 'Contract');
const CONTRACT: readonly Field<Contract>[] = [
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
    contract('heldTotal', 'u64', () => 0n),
    contract('slashPending', 'u64', ({ slashPending }) => slashPending),
    contract('committedEpoch', 'u32', ({ epoch }) => epoch),
    contract('committedKinds', 'u8', ({ kinds }) => kinds),
    contract('committedBytes', 'u64', ({ epochBytes }) => epochBytes),
];
const FRONTIER_OFFSET = fieldOffset(IDLS.market, 'Contract', 'historyFrontier');

const commitment = fieldsOf<Commitment>('settlement', 'DeliveryCommitment');
const COMMITMENT: readonly Field<Commitment>[] = [
    commitment('state', 'u8', ({ state }) => COMMITMENT_STATES.indexOf(state)),
    commitment('epoch', 'u32', ({ epoch }) => epoch),
    commitment('kind', 'u8', ({ kind }) => kind),
    commitment('totalBytes', 'u64', ({ bytes }) => bytes),
    commitment('gross', 'u64', ({ gross }) => gross),
    commitment('lock', 'u64', ({ lock }) => lock),
    commitment('committedAt', 'i64', ({ committedAt }) => BigInt(committedAt)),
    commitment('deadline', 'i64', ({ deadline }) => BigInt(deadline)),
    commitment('closableAt', 'i64', ({ closableAt }) => BigInt(closableAt)),
    commitment('slaSource', 'u8', ({ cosigned }) => (cosigned ? 1 : 0)),
];

const participant = fieldsOf<Participant>('registry', 'Participant');
const PARTICIPANT: readonly Field<Participant>[] = [
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
    participant('nextContractNonce', 'u64', ({ nextNonce }) => nextNonce),
    participant('hotScope', 'u16', ({ hotScope }) => hotScope),
    participant('hotExpiresAt', 'i64', ({ hotExpiresAt }) => BigInt(hotExpiresAt)),
];

const rate = (program: ProgramName, account: string, name: string) => [
    fieldsOf<bigint>(program, account)(name, 'u64', (value) => value),
];
const NODE = rate('registry', 'Node', 'committedKilobitsPerSecond');
const CLAIM = rate('market', 'CapacityClaim', 'committedKilobitsPerSecond');
const OFFER = rate('market', 'Offer', 'remainingKilobitsPerSecond');
const TOKENS: readonly Field<bigint>[] = [
    { name: 'amount', offset: TOKEN_AMOUNT_OFFSET, width: 'u64', expect: (value) => value },
];

function read(view: DataView, { offset, width }: Field<never>): Expected {
    switch (width) {
        case 'u8':
            return view.getUint8(offset);
        case 'u16':
            return view.getUint16(offset, true);
        case 'u32':
            return view.getUint32(offset, true);
        case 'u64':
            return view.getBigUint64(offset, true);
        case 'i64':
            return view.getBigInt64(offset, true);
    }
}

function differs<Thing>(machine: Machine, name: string, thing: Thing, fields: readonly Field<Thing>[]): string | null {
    const data = machine.data(at(name));
    if (data === null) return `${name} is not there`;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (const field of fields) {
        const [found, expected] = [read(view, field), field.expect(thing)];
        if (found !== expected) return `${name} ${field.name} is ${found}, the model says ${expected}`;
    }
    return null;
}

function frontierDiffers(machine: Machine, { id, frontier }: Contract): string | null {
    const data = machine.data(at(`contract:${id}`))!;
    const isSame = frontier.every(
        (peak, level) => Buffer.compare(peak, data.subarray(FRONTIER_OFFSET + 32 * level).subarray(0, 32)) === 0,
    );
    return isSame ? null : `contract:${id} historyFrontier is not the model's`;
}

function tokensDiffer(machine: Machine, name: string, amount: bigint): string | null {
    if (amount === 0n && machine.data(at(name)) === null) return null;
    return differs(machine, name, amount, TOKENS);
}

/** The first difference between the chain and the model; null when there is none. */
export function findDifference(machine: Machine, model: Model): string | null {
    for (const one of model.contracts.values()) {
        const found =
            differs(machine, `contract:${one.id}`, one, CONTRACT) ??
            frontierDiffers(machine, one) ??
            tokensDiffer(machine, `vault:${one.id}`, one.vault);
        if (found) return found;
    }
    for (const [id, one] of model.commitments) {
        const found = differs(machine, `commitment:${id}`, one, COMMITMENT);
        if (found) return found;
    }
    for (const [name, one] of model.participants) {
        const found = differs(machine, `participant:${name}`, one, PARTICIPANT);
        if (found) return found;
    }
    for (const [name, amount] of model.wallets) {
        const found = tokensDiffer(machine, `tokens:${name}`, amount);
        if (found) return found;
    }
    for (const [id, left] of model.offered) {
        const found = differs(machine, `offer:${id}`, left, OFFER);
        if (found) return found;
    }
    for (const [id, bound] of model.bound) {
        const isClaim = id.includes(':');
        const found = differs(machine, isClaim ? `claim:${id}` : `node:${id}`, bound, isClaim ? CLAIM : NODE);
        if (found) return found;
    }
    return tokensDiffer(machine, 'stakeVault', model.stakeVault);
}
