import {
    buildSettlementTree,
    encodeLeaf,
    getProveEvidenceInstructions,
    getProveInclusionInstructions,
    proveTarget,
    sha256,
    utf8,
} from '@ocm/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    expectRefusal,
    ownerBalance,
    type ProvableCommitment,
    proveInclusion,
    readCommitment,
    readContract,
    type SessionChange,
    seedCommitment,
    send,
    type TestSession,
    testKeypair,
    testSession,
    travel,
} from '../support/index.js';
import { type AskedProvider, askedProvider, SOON } from './asked-provider.js';
import { type CheatingOperator, countTwice, inflateSum, type Lie, startCheatingOperator } from './cheating-operator.js';
import { areWorkersBuilt } from './processes.js';
import { type AttackWorld, createAttackWorld } from './world.js';

if (!areWorkersBuilt) process.stderr.write('SKIPPED: attacks on processes need `npx tsc -b`\n');
const BYTES = 20_000_000n;
const wallet = testKeypair('watcher');
const stranger = testKeypair('stranger').publicKey.toBytes();
let world: AttackWorld;
let operator: CheatingOperator;
let provider: AskedProvider;
let epoch = 0;

describe.skipIf(!areWorkersBuilt)('an operator that commits what was not delivered', () => {
    const caught: ProvableCommitment[] = [];
    beforeAll(async () => {
        world = await createAttackWorld({ epochLengthSecs: 10 });
        operator = await startCheatingOperator();
        const [worker] = await Promise.all([
            world.startProvider({ committerUrl: operator.url }),
            world.startWatcher(operator.url, wallet),
        ]);
        provider = askedProvider(worker);
    });
    afterAll(async () => {
        await world.close();
        await operator.close();
    });

    const draw = (change: SessionChange = {}, bytes = BYTES) =>
        testSession(world.trade, { name: `one ${epoch}`, bytes, epoch }, change);
    const challengesOf = async ({ trade, commitment }: ProvableCommitment) =>
        (await readCommitment(trade, commitment)).challengeCount;
    async function cheat(sessions: TestSession[], code: string, lie?: Lie): Promise<ProvableCommitment> {
        const provable = await operator.commit(world, epoch, sessions, lie);
        epoch += 1;
        await expect.poll(() => provider.verdictOn(provable), SOON).toContain(`refused ${code}`);
        await expect.poll(() => challengesOf(provable), SOON).toBeGreaterThan(0);
        caught.push(provable);
        return seedCommitment(provable);
    }

    it.each<[string, SessionChange, string, string]>([
        [
            'A1: a receipt that its client never signed',
            { client: sha256(utf8('node')) },
            'RECEIPT_FORGED',
            'ClientKeyWrong',
        ],
        ['A1: a token that no issuer signed', { issuer: testKeypair('false') }, 'TOKEN_FORGED', 'IssuerKeyWrong'],
        ['A3: a receipt of another epoch', { token: { epoch: 77 } }, 'TOKEN_FOREIGN', 'TokenEpochWrong'],
        ['A3: a receipt of another node', { token: { node: stranger } }, 'TOKEN_FOREIGN', 'TokenNodeWrong'],
        ['A3: a receipt of another contract', { token: { contract: stranger } }, 'TOKEN_FOREIGN', 'TokenContractWrong'],
        ['A4: a receipt of another cluster', { token: { clusterTag: 1 } }, 'TOKEN_FOREIGN', 'TokenClusterWrong'],
    ])('%s is not co-signed, not provable and challenged', async (_what, change, code, error) => {
        const session = draw(change);
        const { trade, commitment } = await cheat([session], `MKT_EVIDENCE__${code}`).then(async (seeded) => {
            await proveInclusion(seeded, 0);
            return seeded;
        });
        const proof = await getProveEvidenceInstructions({
            contract: trade.contract,
            commitment: commitment.address,
            node: trade.node.address,
            index: 0,
            leaf: encodeLeaf(session.leaf),
            evidence: session.evidence,
        });
        await expectRefusal(send(trade.market, proof), 'settlement', error);
    });

    it.each<[string, string, bigint, (session: TestSession) => Lie]>([
        ['A2: a receipt that counts twice', 'SESSION_TWICE', BYTES, countTwice],
        // What is honest of it is too little for a sample to fall there by chance.
        ['A5: a sum above its leaves', 'TOTALS_WRONG', 10n, (session) => inflateSum(session, 250_000_000n)],
    ])('%s is not co-signed, not provable and challenged', async (_what, code, bytes, lieAbout) => {
        const session = draw({}, bytes);
        await provider.issue(session);
        // The same by the rules is what the SDK builds, so that nothing but the lie is refused.
        const honest = buildSettlementTree([session.leaf], { depth: 1 });
        const same = inflateSum(session, bytes);
        expect([same.root, same.proof]).toEqual([honest.root, proveTarget(honest, 0n)]);
        const lie = lieAbout(session);
        const { trade, commitment } = await cheat([session], `MKT_PROVIDER__${code}`, lie);
        const proof = getProveInclusionInstructions({ commitment: commitment.address, index: 0, proof: lie.proof });
        await expectRefusal(send(trade.market, await proof), 'settlement', 'InclusionInvalid');
    });

    it('A1–A5: whoever lied loses the whole lock, and whoever told of it gets three tenths', async () => {
        const { market, trade } = world;
        travel(market, 31);
        const states = () =>
            Promise.all(caught.map(async (each) => (await readCommitment(trade, each.commitment)).state));
        await expect.poll(states, SOON).toEqual(caught.map(() => 'failed'));
        const locks = await Promise.all(
            caught.map(async (each) => (await readCommitment(trade, each.commitment)).lock),
        );
        const slashed = locks.reduce((sum, lock) => sum + lock, 0n);
        expect((await readContract(market, trade.contract)).bondTotal).toBe(trade.contract.bondTotal - slashed);
        const shares = locks.reduce((sum, lock) => sum + (lock * 3n) / 10n, 0n);
        const gained = async () => (await ownerBalance(market, market.mint, wallet.publicKey)) - 20_000_000n;
        await expect.poll(gained, SOON).toBe(shares);
        console.info(`A1–A5: ${caught.length} lies cost ${slashed} of stake; the watcher gained ${shares}`);
    });
});
