import type { ProgramName } from '@ocm/sdk';
import type { PublicKey, VersionedTransactionResponse } from '@solana/web3.js';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, SqlValue>>;
export type Statement = { sql: string; params: readonly SqlValue[] };

/** SQL that libsql and PostgreSQL both accept, with `?` for parameters. One process writes, any number read. */
export type Database = {
    readonly dialect: 'libsql' | 'postgres';
    all(sql: string, params?: readonly SqlValue[]): Promise<Row[]>;
    /** All of the statements or none. */
    batch(statements: readonly Statement[]): Promise<void>;
    close(): Promise<void>;
};

/** Where databases live: the one that answers, and another that a rebuild fills before it takes the first one's place. */
export type DatabaseHome = {
    /** The database that answers. */
    current(): Database;
    /** An empty one beside it; what an earlier rebuild left there is dropped. */
    openFresh(): Promise<Database>;
    /** Puts what `openFresh` gave in the place of the current one, whole or not at all. */
    adopt(): Promise<void>;
    close(): Promise<void>;
};

export type SignatureInfo = {
    signature: string;
    slot: number;
    blockTime: number | null;
    failed: boolean;
    final: boolean;
};
export type ReadAccount = { address: string; owner: PublicKey; data: Uint8Array; lamports: bigint };

export type Chain = {
    genesisHash(): Promise<string>;
    slot(commitment: 'confirmed' | 'finalized'): Promise<number>;
    /** Transactions that mention the program, newest first: those before `before`, down to `until` (not included). */
    listSignatures(
        program: PublicKey,
        page: { before?: string | undefined; until?: string | undefined; limit: number },
    ): Promise<SignatureInfo[]>;
    /** Null where the node does not have it (yet). */
    fetchTransaction(signature: string): Promise<VersionedTransactionResponse | null>;
    /** Of these, the ones that the cluster knows, and the slot at which that is so. */
    findKnown(signatures: readonly string[]): Promise<{ slot: number; known: ReadonlySet<string> }>;
    listAddresses(program: PublicKey): Promise<string[]>;
    /** At most 100 accounts as they are at `slot`, which is at least `minSlot`; null where nothing stands. */
    readAccounts(
        addresses: readonly string[],
        minSlot: number,
    ): Promise<{ slot: number; accounts: (ReadAccount | null)[] }>;
};

export type Programs = Readonly<Record<ProgramName, PublicKey>>;
