import type { ChainGateway } from '@ocm/runtime';
import { decodeEvents, fetchClaims, fetchContract, listDeliveryCommitments, type MarketplaceEvent } from '@ocm/sdk';
import type { Connection, PublicKey } from '@solana/web3.js';
import type { CommitmentFacts, ContractHistory, ReportChain, SettlementFacts } from './ports.js';

const SIGNATURES_PER_PAGE = 1_000;
const TRANSACTIONS_AT_ONCE = 8;
/** Events are kept between reports, so only what is final may be read. */
const FINAL = 'finalized';

type Read = {
    newest: string | undefined;
    committed: Map<string, CommitmentFacts>;
    settled: Map<string, SettlementFacts>;
};

/**
 * What a contract's commitments came to. Accounts of ended commitments are closed, so their figures are read from the
 * events of the contract's transactions; each transaction is asked for once in the life of the process.
 */
export function createReportChain(gateway: Pick<ChainGateway, 'connection' | 'clusterTimeSecs'>): ReportChain {
    const { connection } = gateway;
    const reads = new Map<string, Read>();
    return {
        clusterTimeSecs: () => gateway.clusterTimeSecs(),
        fetchContract: (contract) => fetchContract(connection, contract),
        fetchClaims: (contract) => fetchClaims(connection, contract.claims),
        async readHistory(contract, signal) {
            const name = contract.toBase58();
            const read = reads.get(name) ?? { newest: undefined, committed: new Map(), settled: new Map() };
            await readFurther(connection, contract, read, signal);
            reads.set(name, read);
            const accounts = await listDeliveryCommitments(connection, { contract });
            const commitments = new Map(read.committed);
            for (const account of accounts) commitments.set(account.address.toBase58(), account);
            return {
                commitments: [...commitments.values()],
                settlements: [...read.settled.values()],
            } satisfies ContractHistory;
        },
    };
}

async function readFurther(
    connection: Connection,
    contract: PublicKey,
    read: Read,
    signal: AbortSignal,
): Promise<void> {
    const signatures = await listNewSignatures(connection, contract, read.newest, signal);
    let isWhole = true;
    for (let start = 0; start < signatures.length; start += TRANSACTIONS_AT_ONCE) {
        signal.throwIfAborted();
        const batch = signatures.slice(start, start + TRANSACTIONS_AT_ONCE);
        const transactions = await Promise.all(
            batch.map((signature) =>
                connection.getTransaction(signature, { commitment: FINAL, maxSupportedTransactionVersion: 0 }),
            ),
        );
        for (const [place, transaction] of transactions.entries()) {
            // Listed and not given: asked for again the next time; meanwhile it shows as a gap in the history's sizes.
            isWhole &&= transaction !== null;
            if (transaction !== null) for (const event of decodeEvents(transaction)) apply(read, contract, event);
            if (isWhole) read.newest = batch[place];
        }
    }
}

/** Oldest first. */
async function listNewSignatures(
    connection: Connection,
    contract: PublicKey,
    until: string | undefined,
    signal: AbortSignal,
): Promise<string[]> {
    const signatures: string[] = [];
    let before: string | undefined;
    for (;;) {
        signal.throwIfAborted();
        const page = await connection.getSignaturesForAddress(
            contract,
            { limit: SIGNATURES_PER_PAGE, ...(before ? { before } : {}), ...(until ? { until } : {}) },
            FINAL,
        );
        signatures.push(...page.filter(({ err }) => err === null).map(({ signature }) => signature));
        before = page.at(-1)?.signature;
        if (page.length < SIGNATURES_PER_PAGE) return signatures.reverse();
    }
}

function apply(read: Read, contract: PublicKey, event: MarketplaceEvent): void {
    if (event.program !== 'settlement') return;
    if (event.name === 'DeliveryCommitted' && event.data.contract.equals(contract)) {
        const { commitment, state: _, ...facts } = event.data;
        read.committed.set(commitment.toBase58(), { ...facts, address: commitment, state: 'committed' });
    }
    if (event.name === 'DeliverySettled' && event.data.contract.equals(contract)) {
        read.settled.set(event.data.commitment.toBase58(), event.data);
        setState(read, event.data.commitment, 'settled');
    }
    if (event.name === 'CommitmentExpired' && event.data.contract.equals(contract))
        setState(read, event.data.commitment, 'expired');
    if (event.name === 'CommitmentFailed' && event.data.contract.equals(contract))
        setState(read, event.data.commitment, 'failed');
}

function setState(read: Read, commitment: PublicKey, state: string): void {
    const facts = read.committed.get(commitment.toBase58());
    if (facts !== undefined) read.committed.set(commitment.toBase58(), { ...facts, state });
}
