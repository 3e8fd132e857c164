import { findStakeVaultAddress } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { expect } from 'vitest';
import { testKeypair } from './cluster.js';
import type { TestTrade } from './contracts.js';
import type { FundedTrade } from './deliveries.js';
import type { TestMarket } from './market.js';
import { readParticipant, type TestParticipant } from './participants.js';
import { ownerBalance, tokenBalance } from './tokens.js';

/** Somebody with a wallet, and with stake where it is a participant. */
export type Party = PublicKey | TestParticipant;

/** Base units by who has them; a participant's stake stands under its name with `Stake`. */
type Holdings = Record<string, bigint>;

/** Everybody's money in a story, and what each had at its begin. */
export interface Ledger {
    readonly market: TestMarket;
    readonly parties: Readonly<Record<string, Party>>;
    /** Token accounts that belong to no party: vaults. */
    readonly vaults: Readonly<Record<string, PublicKey>>;
    readonly before: Holdings;
    /** What the stake vault held beside the parties' stake: others' stake. */
    readonly foreignStake: bigint;
}

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
const stakes = (holdings: Holdings) =>
    sum(Object.keys(holdings).flatMap((name) => (name.endsWith('Stake') ? [holdings[name] ?? 0n] : [])));

async function readHoldings({ market, parties, vaults }: Pick<Ledger, 'market' | 'parties' | 'vaults'>) {
    const holdings: Holdings = {};
    for (const [name, party] of Object.entries(parties)) {
        const isWallet = party instanceof PublicKey;
        holdings[name] = await ownerBalance(market, market.mint, isWallet ? party : party.owner.publicKey);
        if (isWallet) continue;
        const { stakeFree, stakeLocked, unbonding } = await readParticipant(market, party);
        holdings[`${name}Stake`] = stakeFree + stakeLocked + sum(unbonding.map(({ amount }) => amount));
    }
    for (const [name, vault] of Object.entries(vaults)) holdings[name] = await tokenBalance(market, vault);
    return holdings;
}

const readStakeVault = ({ market }: Pick<Ledger, 'market'>) =>
    tokenBalance(market, findStakeVaultAddress({ mint: market.mint.address }));

/** Opens the books of a story; vaults count as empty, and what they hold already as the `payer`'s. */
export async function openLedger(
    market: TestMarket,
    parties: Readonly<Record<string, Party>>,
    { vaults = {}, payer }: { vaults?: Readonly<Record<string, PublicKey>>; payer?: string } = {},
): Promise<Ledger> {
    const before = await readHoldings({ market, parties, vaults });
    const foreignStake = (await readStakeVault({ market })) - stakes(before);
    for (const name of Object.keys(vaults)) {
        if (payer !== undefined) before[payer] = (before[payer] ?? 0n) + (before[name] ?? 0n);
        before[name] = 0n;
    }
    return { market, parties, vaults, before, foreignStake };
}

/** The wallets that a trade of `createTestOffer` can pay. */
export const tradeParties = ({ market, seller, contentProvider }: Omit<TestTrade, 'node' | 'claim' | 'offer'>) => ({
    contentProvider: contentProvider.owner.publicKey,
    seller,
    castOperator: testKeypair('cast operator').publicKey,
    beacons: testKeypair('beacons').publicKey,
    treasury: market.treasury.publicKey,
});

/** Opens the books of a contract as they stood before its content provider funded it: `escrow` is its vault. */
export function openTradeLedger(trade: FundedTrade, others: Readonly<Record<string, Party>> = {}): Promise<Ledger> {
    const vaults = { escrow: trade.contract.vault };
    return openLedger(trade.market, { ...tradeParties(trade), ...others }, { vaults, payer: 'contentProvider' });
}

async function expectBalance(ledger: Ledger, now: Holdings): Promise<void> {
    expect(sum(Object.values(now))).toBe(sum(Object.values(ledger.before)));
    expect((await readStakeVault(ledger)) - stakes(now)).toBe(ledger.foreignStake);
}

/** Expects that together all have what they had, and that the stake vault holds exactly the stakes. */
export async function expectConserved(ledger: Ledger): Promise<void> {
    await expectBalance(ledger, await readHoldings(ledger));
}

/** Expects that exactly these have more or less than at the begin, by exactly so much, and that nothing came or went. */
export async function expectMoney(ledger: Ledger, changes: Holdings): Promise<void> {
    const now = await readHoldings(ledger);
    const moved = Object.entries(now).flatMap(([name, amount]) => {
        const change = amount - (ledger.before[name] ?? 0n);
        return change === 0n ? [] : [[name, change] as const];
    });
    expect(Object.fromEntries(moved)).toEqual(changes);
    await expectBalance(ledger, now);
}
