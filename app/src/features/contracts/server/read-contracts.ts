import { fetchContract, findTokenAccountAddress, type listDeliveryCommitments, type listParticipants } from '@ocm/sdk';
import { type AccountInfo, type Connection, PublicKey } from '@solana/web3.js';
import { mapLimited } from '../../../lib/map-limited';
import type { MarketSource } from '../../live/server/market-source';

/** More than a page can show. */
export const MAX_CONTRACTS = 64;
/** `getMultipleAccounts` takes at most this many keys. */
const MAX_KEYS_PER_CALL = 100;
const MINT_DECIMALS_OFFSET = 44;
const TOKEN_AMOUNT_OFFSET = 64;

export type ChainContract = NonNullable<Awaited<ReturnType<typeof fetchContract>>>;
export type ChainCommitment = Awaited<ReturnType<typeof listDeliveryCommitments>>[number];
export type ChainParticipant = Awaited<ReturnType<typeof listParticipants>>[number];

export interface ChainContracts {
    readonly contracts: readonly ChainContract[];
    readonly commitments: ReadonlyMap<string, readonly ChainCommitment[]>;
    /** Wallets of participants by their account. */
    readonly owners: ReadonlyMap<string, string>;
    readonly decimals: ReadonlyMap<string, number>;
    /** Token balances in base units by token account; absent = no such account. */
    readonly balances: ReadonlyMap<string, bigint>;
}

/** The payees' token accounts, by the place of the payee; `TREASURY_SLOT` is the treasury's. */
export const TREASURY_SLOT = 8;

export function listPayees(contract: ChainContract): { slot: number; payee: PublicKey; tokenAccount: PublicKey }[] {
    const { mint, tokenProgram } = contract;
    const payees = contract.splits.map(({ payee }, slot) => ({ slot, payee }));
    return [...payees, { slot: TREASURY_SLOT, payee: contract.treasury }].map((entry) => ({
        ...entry,
        tokenAccount: findTokenAccountAddress({ owner: entry.payee, mint, tokenProgram }),
    }));
}

export async function readChainContracts(
    connection: Connection,
    source: MarketSource,
    wanted: readonly string[],
): Promise<ChainContracts> {
    const contracts = await findContracts(connection, source, wanted);
    const [commitmentLists, owners, accounts] = await Promise.all([
        mapLimited(contracts, 8, ({ address }) => source.listCommitments(address)),
        readOwners(source),
        readAccounts(connection, [
            ...contracts.map(({ mint }) => mint),
            ...contracts.map(({ vault }) => vault),
            ...contracts.flatMap((contract) => listPayees(contract).map(({ tokenAccount }) => tokenAccount)),
        ]),
    ]);
    const commitments = new Map(
        contracts.map(({ address }, index) => [address.toBase58(), commitmentLists[index] ?? []]),
    );
    const mints = new Set(contracts.map(({ mint }) => mint.toBase58()));
    const decimals = new Map<string, number>();
    const balances = new Map<string, bigint>();
    for (const [address, { data }] of accounts) {
        if (mints.has(address)) decimals.set(address, data[MINT_DECIMALS_OFFSET] ?? 0);
        else if (data.length >= TOKEN_AMOUNT_OFFSET + 8) balances.set(address, readU64(data, TOKEN_AMOUNT_OFFSET));
    }
    return { contracts, commitments, owners, decimals, balances };
}

async function findContracts(
    connection: Connection,
    source: MarketSource,
    wanted: readonly string[],
): Promise<ChainContract[]> {
    if (wanted.length === 0) {
        const all = await source.listContracts();
        return all.sort((a, b) => Number(b.genesisAt - a.genesisAt)).slice(0, MAX_CONTRACTS);
    }
    const found = await mapLimited(wanted, 8, (address) => fetchContract(connection, new PublicKey(address)));
    return found.filter((contract) => contract !== null);
}

async function readOwners(source: MarketSource): Promise<Map<string, string>> {
    const participants = await source.listParticipants();
    return new Map(participants.map(({ address, owner }) => [address.toBase58(), owner.toBase58()]));
}

async function readAccounts(
    connection: Connection,
    keys: readonly PublicKey[],
): Promise<Map<string, AccountInfo<Uint8Array>>> {
    const unique = [...new Set(keys.map((key) => key.toBase58()))];
    const chunks: string[][] = [];
    for (let at = 0; at < unique.length; at += MAX_KEYS_PER_CALL) chunks.push(unique.slice(at, at + MAX_KEYS_PER_CALL));
    const found = new Map<string, AccountInfo<Uint8Array>>();
    await mapLimited(chunks, 4, async (chunk) => {
        const accounts = await connection.getMultipleAccountsInfo(chunk.map((key) => new PublicKey(key)));
        for (const [index, account] of accounts.entries()) {
            const key = chunk[index];
            if (account && key) found.set(key, account);
        }
    });
    return found;
}

function readU64(data: Uint8Array, offset: number): bigint {
    return new DataView(data.buffer, data.byteOffset, data.byteLength).getBigUint64(offset, true);
}
