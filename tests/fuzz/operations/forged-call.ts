import { Pack } from '../pack.js';
import type { Call } from '../wire.js';
import { contractAccounts, pickContract, SELLERS, STRANGER } from './common.js';
import { operation } from './types.js';

interface Params {
    readonly instruction: string;
    readonly contract: string;
    readonly party: string;
    /** A stranger signs in the authority's place; else the authority is named and does not sign. */
    readonly isStranger: boolean;
}

const REGISTRY = [
    'lockStake',
    'unlockStake',
    'slashStake',
    'reserveNodeCapacity',
    'releaseNodeCapacity',
    'endContract',
];
const MARKET = ['recordCommitment', 'recordSettlement', 'recordVoid', 'releasePayout'];

const ARGS: Readonly<Record<string, () => Uint8Array>> = {
    reserveNodeCapacity: () => new Pack().u64(1n).u8(0).done(),
    endContract: () => new Uint8Array(),
    recordCommitment: () => new Pack().u32(0).u8(0).u64(1n).done(),
    recordSettlement: () => new Pack().raw(new Uint8Array(96)).done(),
    recordVoid: () => new Pack().u64(0n).u64(0n).u8(0).done(),
    releasePayout: () => new Pack().u8(0).done(),
};

/** What only another program of the marketplace may call, called by anybody: always refused. */
export const forgedCall = operation<Params>({
    name: 'forgedCall',
    weight: 1,
    propose: (model, random) => ({
        instruction: random.pick([...REGISTRY, ...MARKET]),
        contract: pickContract(model, random)?.id ?? 'c0:s0:0',
        party: random.pick(SELLERS),
        isStranger: random.chance(0.5),
    }),
    call: ({ instruction, contract, party, isStranger }): Call => {
        const isRegistry = REGISTRY.includes(instruction);
        const forged = `wallet:${STRANGER}`;
        const accounts: Record<string, string> = {
            ...contractAccounts(contract),
            participant: `participant:${party}`,
            seller: `participant:${party}`,
            contentProvider: 'participant:c0',
            node: `node:${party}`,
            recipient: `tokens:${STRANGER}`,
            payee: `wallet:${party}`,
            payeeTokenAccount: `tokens:${party}`,
        };
        const authority = isRegistry ? 'marketAuthority' : 'settlementAuthority';
        if (isStranger) accounts[authority] = forged;
        return {
            ...(isStranger ? {} : { bend: { kind: 'unsigned', at: authority } }),
            program: isRegistry ? 'registry' : 'market',
            instruction,
            accounts,
            args: (ARGS[instruction] ?? (() => new Pack().u64(1n).done()))(),
        };
    },
    refusal: () => 'only a program of the marketplace may',
    apply: () => {},
});
