import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSettlementTree, domain, findDeliveryCommitmentAddress, sha256, toHex, utf8 } from '@ocm/sdk';
import { LOGS_PATH } from '@ocm/sdk/http';
import { canonicalJson } from '@ocm/verifier';
import { answerEvidencePath, commitDelivery, type FundedTrade, type RecordedEvidence } from '../support/index.js';

export const SECRET = 'operator secret of the test';

/** The paths of a node's operator interface that a copy is made from. */
export async function serveNode(
    { contract }: FundedTrade,
    epochs: ReadonlyMap<number, { evidence: RecordedEvidence; log: string }>,
) {
    const name = (epoch: number) => `${contract.address.toBase58()}-${epoch}.log`;
    const server = createServer((request, response) => {
        const path = request.url ?? '';
        if (request.headers.authorization !== `Bearer ${SECRET}`) return void response.writeHead(401).end('{}');
        const page = answerEvidencePath(path, (epoch) => epochs.get(epoch)?.evidence);
        if (page !== null) return void response.end(JSON.stringify(page));
        if (path === LOGS_PATH) {
            const files = [...epochs.keys()].map((at) => ({
                name: name(at),
                contract: contract.address.toBase58(),
                epoch: at,
            }));
            return void response.end(JSON.stringify({ files }));
        }
        const epoch = epochs.get(Number(/-(\d+)\.log$/.exec(path)?.[1]));
        if (epoch === undefined) return void response.writeHead(404).end('{}');
        response.end(epoch.log);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
        url: `http://127.0.0.1:${port}`,
        close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
    };
}

/** Commits what the node served without receipts; the leaf is that of docs/decisions/0066. */
export async function commitUnsigned(trade: FundedTrade, epoch: number, bytes: bigint) {
    const { contract } = trade;
    const [address, node] = [contract.address.toBase58(), trade.node.address.toBase58()];
    const [where, who] = [contract.address.toBytes(), trade.node.address.toBytes()];
    const leaf = {
        tokenHash: sha256(domain('OCM/unsigned/v1'), where, Uint8Array.of(epoch, 0, 0, 0), who),
        bytes,
        objects: 0,
        class: 0,
        receiptHash: new Uint8Array(32),
        logRoot: sha256(),
    };
    const { root, depth, leafCount, totalBytes } = buildSettlementTree([leaf]);
    const commitment = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 1 }).toBase58();
    const manifest = {
        commitment,
        contract: address,
        epoch,
        kind: 1,
        root: toHex(root),
        depth,
        leafCount,
        totalBytes: `${totalBytes}`,
        sessions: [],
        unsigned: [{ node, bytes: `${bytes}` }],
    };
    const manifestHash = sha256(utf8(canonicalJson(manifest)));
    await commitDelivery(trade, { epoch, kind: 1, root, depth, leafCount, totalBytes, manifestHash });
    return { address: commitment, manifest };
}

/** What a committer whose loops do not run would tell of itself, where it is asked for. */
export const idle = ({ seller }: FundedTrade) => ({
    participant: seller.address.toBase58(),
    commitmentsByState: {},
    samplesProven: 0,
    challengesAnswered: 0,
    withdrawals: 0,
    walletLamports: {},
    troubles: [],
});
