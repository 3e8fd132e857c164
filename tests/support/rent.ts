import { readFileSync } from 'node:fs';
import { PROGRAM_IDS } from '@ocm/sdk';
import type { Transaction, TransactionInstruction, VersionedTransactionResponse } from '@solana/web3.js';
import { expect } from 'vitest';

/** Instructions that end accounts, and the account of theirs that all lamports of what they end belong to. */
export const RENT_RECEIVERS: Readonly<Record<string, string>> = {
    'registry.close_node': 'owner',
    'registry.close_participant': 'owner',
    'registry.close_pool': 'owner',
    'registry.retire_licence': 'owner',
    'registry.revoke_node_consent': 'owner',
    'registry.withdraw_beacon_bond': 'owner',
    'registry.withdraw_operator_terms': 'owner',
    'market.close_contract': 'rent_payer',
    'market.close_lot': 'rent_payer',
    'market.refund_bounty': 'rent_payer',
    'market.release_bid_deposit': 'rent_payer',
    'settlement.close_challenge': 'rent_payer',
    'settlement.close_commitment': 'rent_payer',
    'settlement.close_report': 'rent_payer',
    'settlement.close_reward_pool': 'rent_payer',
    'settlement.close_reward_status': 'rent_payer',
    'settlement.close_unpaid_challenge': 'rent_payer',
    'governance.close_proposal': 'rent_payer',
};

export interface IdlAccount {
    readonly name: string;
    readonly writable?: boolean;
    readonly signer?: boolean;
}
export interface IdlInstruction {
    readonly name: string;
    readonly discriminator: readonly number[];
    readonly accounts: readonly IdlAccount[];
}

/** The instructions of every program by `program.instruction`. */
export function readIdlInstructions(): Map<string, IdlInstruction & { programId: string }> {
    return new Map(
        Object.entries(PROGRAM_IDS).flatMap(([program, id]) => {
            const text = readFileSync(new URL(`../../sdk/idl/${program}.json`, import.meta.url), 'utf8');
            const { instructions } = JSON.parse(text) as { instructions: IdlInstruction[] };
            return instructions.map((each) => [`${program}.${each.name}`, { ...each, programId: id.toBase58() }]);
        }),
    );
}

let instructions: ReturnType<typeof readIdlInstructions> | undefined;

/** Base58 of who gets the lamports; null for an instruction that ends no account. */
function findReceiver({ programId, data, keys }: TransactionInstruction): string | null {
    instructions ??= readIdlInstructions();
    for (const [name, receiver] of Object.entries(RENT_RECEIVERS)) {
        const idl = instructions.get(name);
        if (idl === undefined || idl.programId !== programId.toBase58()) continue;
        if (!idl.discriminator.every((byte, index) => data[index] === byte)) continue;
        const place = idl.accounts.findIndex((account) => account.name === receiver);
        return keys[place]?.pubkey.toBase58() ?? null;
    }
    return null;
}

/**
 * Invariant 14, for each transaction of every test: what an account held when it was ended is with who paid for it, to the
 * lamport, and nobody else has gained. Says nothing of a transaction that does other things as well.
 */
export function expectRentReturned(
    transaction: Transaction,
    { transaction: sent, meta }: VersionedTransactionResponse,
): void {
    const own = new Set(Object.values(PROGRAM_IDS).map((id) => id.toBase58()));
    const called = transaction.instructions.filter(({ programId }) => own.has(programId.toBase58()));
    const receivers = called.map(findReceiver);
    const opens = meta?.postBalances.some((after, place) => after > 0 && meta.preBalances[place] === 0);
    if (meta === null || opens || receivers.length === 0 || receivers.includes(null)) return;
    const keys = sent.message.getAccountKeys().staticAccountKeys.map((key) => key.toBase58());
    const gains = keys.map((key, place) => {
        const fee = place === 0 ? meta.fee : 0;
        return { key, gain: (meta.postBalances[place] ?? 0) - (meta.preBalances[place] ?? 0) + fee };
    });
    const gained = gains.filter(({ key, gain }) => gain > 0 && !receivers.includes(key));
    expect(gained, 'only who paid the rent gains from what is closed').toEqual([]);
    const sum = gains.reduce((total, { gain }) => total + gain, 0);
    expect(sum, 'no lamport is lost').toBe(0);
}
