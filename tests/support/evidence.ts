import { decodeClusterTag } from '@ocm/runtime';
import { computeTreeHead, encodeLeaf, findConfigAddress, toBase64 } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { corruptField, u32Bytes } from './corrupt.js';
import { type FundedTrade, GOOD_SERVICE } from './deliveries.js';
import type { RecordedEvidence } from './evidence-pages.js';
import { createTestMarket, type TestMarket, type TestMarketOptions } from './market.js';
import { type SessionChange, type TestSession, testSession } from './proofs.js';

/** A marketplace whose tokens name the cluster as workers do: by its genesis hash. */
export async function createTaggedMarket(options: TestMarketOptions = {}): Promise<TestMarket> {
    const market = await createTestMarket(options);
    const tag = decodeClusterTag(await market.connection.getGenesisHash());
    const field = { program: 'registry', account: 'Config', field: 'clusterTag' } as const;
    await corruptField(market, { ...field, address: findConfigAddress(), bytes: u32Bytes(tag) });
    return market;
}

/** A session as a node evidences it: without log records, whose tree is then the empty one. */
export function evidencedSession(
    trade: FundedTrade,
    input: Parameters<typeof testSession>[1],
    change: SessionChange = {},
): TestSession {
    return testSession(trade, input, { ...change, leaf: { logRoot: computeTreeHead([]), ...change.leaf } });
}

/** What a node answers its operator's committer. */
export function toEpochEvidence(
    trade: FundedTrade,
    epoch: number,
    sessions: readonly TestSession[],
    unreceiptedBytes = 0n,
): RecordedEvidence {
    return {
        node: trade.node.address.toBase58(),
        contract: trade.contract.address.toBase58(),
        epoch,
        sessions: sessions.map(({ leaf, evidence }) => ({
            token: toBase64(evidence.token),
            tokenSignature: toBase64(evidence.tokenSignature),
            receipt: toBase64(evidence.receipt),
            receiptSignature: toBase64(evidence.receiptSignature),
            leaf: toBase64(encodeLeaf(leaf)),
            recordCount: 0,
            records: [],
        })),
        unreceiptedBytes: unreceiptedBytes.toString(),
        sla: { ...GOOD_SERVICE, sessions: sessions.length },
    };
}

/** Signatures of all landed transactions that touched an account, newest first. */
export async function listLanded({ connection }: TestMarket, account: PublicKey) {
    return connection.getSignaturesForAddress(account, { limit: 1_000 });
}
