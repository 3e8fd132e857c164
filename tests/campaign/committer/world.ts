import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keypair } from '@solana/web3.js';
import {
    answerEvidencePath,
    createActiveContract,
    createTaggedMarket,
    evidencedSession,
    type FundedTrade,
    fundWallet,
    mintTokens,
    type TestSession,
    testKeypair,
    toEpochEvidence,
} from '../../support/index.js';
import type { Random } from '../random.js';

export const EPOCHS = 6;
const OPERATOR_SECRET = 'a secret of this campaign';

/** One contract of six epochs, its node, and the folder of the committer that will be killed. */
export async function createCampaignWorld(random: Random) {
    const market = await createTaggedMarket();
    const trade = await createActiveContract({ market, contract: { epochCount: EPOCHS } });
    const challenger = testKeypair('challenger');
    const crank = testKeypair('operator crank');
    for (const wallet of [challenger, crank]) await fundWallet(market, wallet, 100n);
    await mintTokens(market, { mint: market.mint, owner: challenger.publicKey, amount: 1_000_000_000n });
    const sessions = Array.from({ length: EPOCHS }, (_, epoch) => drawSessions(trade, epoch, random));
    const node = await startNode(trade, sessions);
    const dataDir = await mkdtemp(join(tmpdir(), 'ocm-campaign-'));
    return {
        trade,
        challenger,
        sessions,
        writeConfig: (rpcUrl: string) => writeConfig({ dataDir, trade, crank, rpcUrl, nodeUrl: node.url }),
        async dispose() {
            await node.close();
            await market.cluster.close();
            await rm(dataDir, { recursive: true, force: true });
        },
    };
}
export type CampaignWorld = Awaited<ReturnType<typeof createCampaignWorld>>;

function drawSessions(trade: FundedTrade, epoch: number, { between }: Random): TestSession[] {
    return Array.from({ length: between(1, 4) }, (_, place) =>
        evidencedSession(trade, { name: `${epoch} ${place}`, bytes: BigInt(between(1, 50_000_000)), epoch }),
    );
}

/** Answers its operator as a node does, and nothing else. */
async function startNode(trade: FundedTrade, sessions: readonly (readonly TestSession[])[]) {
    const server = createServer((request, response) => {
        const page = answerEvidencePath(request.url ?? '', (epoch) =>
            toEpochEvidence(trade, epoch, sessions[epoch] ?? []),
        );
        response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

type ConfigInput = { dataDir: string; trade: FundedTrade; crank: Keypair; rpcUrl: string; nodeUrl: string };

async function writeConfig({ dataDir, trade, crank, rpcUrl, nodeUrl }: ConfigInput): Promise<string> {
    const keyFile = async (name: string, { secretKey }: Keypair) => {
        const path = join(dataDir, name);
        await writeFile(path, JSON.stringify([...secretKey]), { mode: 0o600 });
        return path;
    };
    const path = join(dataDir, 'config.json');
    const config = {
        rpcUrl,
        dataDir: join(dataDir, 'data'),
        listen: { port: 0 },
        hotKeypairPath: await keyFile('hot.json', trade.seller.hot),
        crankKeypairPath: await keyFile('crank.json', crank),
        participant: trade.seller.address.toBase58(),
        nodes: [{ node: trade.node.address.toBase58(), url: nodeUrl }],
        operatorSecret: OPERATOR_SECRET,
        proveWhen: 'always',
        withdrawMinimum: '1',
        pollIntervalMs: 100,
    };
    await writeFile(path, JSON.stringify(config), { mode: 0o600 });
    return path;
}
