import { generateKeyPair, sign, toBase64 } from '@ocm/sdk/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    continueSession,
    createSession,
    EPOCH_SECS,
    GENESIS_SECS,
    MAX_TOKEN_BYTES,
    namedAddress,
} from '../../runtime/tests/support/sessions.js';
import { cosignCommitments } from '../src/cosign-commitments.js';
import { createWorld, type World } from './support/world.js';

const EPOCH_END = GENESIS_SECS + EPOCH_SECS;
let world: World;
const never = new AbortController().signal;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const session = (options: Partial<Parameters<typeof createSession>[0]> = {}) =>
    createSession({ contract: world.contract, issuer: world.issuer, node: world.node, ...options });
const run = () => cosignCommitments(world.deps(), never);
const verdicts = () => world.ledger.listVerdicts();

async function expectRefusal(code: string): Promise<void> {
    expect(await run()).toEqual({ cosigned: 0, refused: 1, waiting: 0, unknown: 0 });
    expect(world.cosigned).toEqual([]);
    expect(verdicts()[0]?.reason).toContain(code);
}

describe('co-signing', () => {
    it('co-signs a commitment whose sessions, sums and copies all agree', async () => {
        const sessions = await Promise.all([session(), session({ bytes: 5n }), session()].map(world.issue));
        for (const { receiptBytes, receiptSignature } of sessions)
            await world.ledger.addCopy(receiptBytes, receiptSignature);
        world.commit(sessions);
        expect(await run()).toEqual({ cosigned: 1, refused: 0, waiting: 0, unknown: 0 });
        expect(world.cosigned).toHaveLength(1);
    });

    it('co-signs an empty commitment, which earns the commit fee', async () => {
        world.commit([]);
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('refuses a token signed by another key than the issuer', async () => {
        world.commit([await world.issue(session({ issuer: generateKeyPair() }))]);
        await expectRefusal('MKT_EVIDENCE__TOKEN_FORGED');
    });

    it('refuses a token with a good signature that this worker never issued', async () => {
        world.commit([session()]);
        await expectRefusal('MKT_PROVIDER__TOKEN_NOT_ISSUED');
    });

    it('refuses a receipt that the operator raised, since the client did not sign it', async () => {
        const client = generateKeyPair();
        const raised = await world.issue(session({ client, bytes: 9_000_000n }));
        raised.evidence.receiptSignature = toBase64(sign(generateKeyPair().secretSeed, raised.receiptBytes));
        world.commit([raised]);
        await expectRefusal('MKT_EVIDENCE__RECEIPT_FORGED');
    });

    it('refuses a leaf that counts more than its receipt', async () => {
        const client = generateKeyPair();
        const honest = await world.issue(session({ client, bytes: 1_000n }));
        const inflated = continueSession(honest, world.issuer, 900_000n, 2);
        honest.evidence.leaf = inflated.evidence.leaf;
        world.commit([honest]);
        await expectRefusal('MKT_EVIDENCE__LEAF_MISMATCH');
    });

    it('refuses a receipt above what its token allows', async () => {
        world.commit([await world.issue(session({ bytes: 1_000n, token: { maxBytes: 999n } }))]);
        await expectRefusal('MKT_EVIDENCE__RECEIPT_TOO_LARGE');
    });

    it.each([
        ['another contract', { contract: { address: namedAddress('other') } }],
        ['another epoch', { epoch: 1 }],
        ['another cluster', { token: { clusterTag: 1 } }],
        ['another node', { node: namedAddress('other node') }],
        ['multicast delivery', { token: { flags: 1 } }],
    ])('refuses a token for %s', async (_, options) => {
        world.commit([await world.issue(session(options))]);
        await expectRefusal('MKT_EVIDENCE__TOKEN_FOREIGN');
    });

    // The chain would not prove them, and what it pays on a co-signature alone must not be more.
    it.each([
        ['begins as it ends', 'TOKEN_UNTIMELY', { notBeforeSecs: GENESIS_SECS, notAfterSecs: GENESIS_SECS }],
        ['ends later than its epoch', 'TOKEN_UNTIMELY', { notBeforeSecs: EPOCH_END, notAfterSecs: EPOCH_END + 11 }],
        ['lives longer than an epoch', 'TOKEN_UNTIMELY', { notBeforeSecs: GENESIS_SECS - 1 }],
        ['allows more than the contract', 'TOKEN_TOO_LARGE', { maxBytes: MAX_TOKEN_BYTES + 1n }],
    ])('refuses a token that %s', async (_, code, token) => {
        world.commit([await world.issue(session({ token }))]);
        await expectRefusal(`MKT_EVIDENCE__${code}`);
    });

    it('refuses a receipt from outside the time of its token', async () => {
        world.commit([await world.issue(session({ receipt: { lastMs: 1n } }))]);
        await expectRefusal('MKT_EVIDENCE__RECEIPT_UNTIMELY');
    });

    it('refuses a session that is listed twice', async () => {
        const one = await world.issue(session());
        world.commit([one, one]);
        await expectRefusal('MKT_PROVIDER__SESSION_TWICE');
    });

    it.each([
        ['total', { totalBytes: 2_000_000n }],
        ['leaf count', { leafCount: 2 }],
        ['root', { depth: 3 }],
        ['root', { root: new Uint8Array(32) }],
    ])('refuses a commitment whose %s is not the recomputed one', async (name, changes) => {
        world.commit([await world.issue(session())], changes);
        await expectRefusal('MKT_PROVIDER__TOTALS_WRONG');
        expect(verdicts()[0]?.reason).toContain(`recomputed ${name}`);
    });

    it('co-signs a tree of another depth, which its seller may need to prove every leaf', async () => {
        world.commit([await world.issue(session())], {}, 0, 7);
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('refuses to lose a session that it has a receipt of', async () => {
        const [kept, hidden] = await Promise.all([session(), session({ bytes: 77n })].map(world.issue));
        if (hidden === undefined || kept === undefined) throw new Error('two sessions');
        await world.ledger.addCopy(hidden.receiptBytes, hidden.receiptSignature);
        world.commit([kept]);
        await expectRefusal('MKT_PROVIDER__RECEIPT_OMITTED');
        expect(verdicts()[0]?.reason).toContain(hidden.key);
    });

    it('lets sessions above the cap of the contract be left out', async () => {
        const [kept, dropped] = await Promise.all(
            [session({ bytes: 900n }), session({ bytes: 200n })].map(world.issue),
        );
        if (dropped === undefined || kept === undefined) throw new Error('two sessions');
        world.contract.capKilobitsPerSecond = 0n;
        await world.ledger.addCopy(dropped.receiptBytes, dropped.receiptSignature);
        world.commit([kept]);
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('refuses a leaf below the receipt that it has a copy of', async () => {
        const old = await world.issue(session({ bytes: 1_000n }));
        const newer = continueSession(old, world.issuer, 5_000n, 2);
        await world.ledger.addCopy(newer.receiptBytes, newer.receiptSignature);
        world.commit([old]);
        await expectRefusal('MKT_PROVIDER__RECEIPT_UNDERCUT');
    });

    it.each([0n, 999_999n])('refuses deliveries without receipts above an allowance of %s bytes', async (allowance) => {
        world.commitUnsigned([{ node: world.node, bytes: 1_000_000n }]);
        world.allowance.unsignedBytes = allowance;
        await expectRefusal('MKT_PROVIDER__UNSIGNED_NOT_ALLOWED');
        expect(verdicts()[0]?.reason).toContain('raise unsignedAllowanceBytes');
    });

    it('refuses even nothing without receipts where none are taken', async () => {
        world.commitUnsigned([]);
        await expectRefusal('MKT_PROVIDER__UNSIGNED_NOT_ALLOWED');
    });

    it('co-signs deliveries without receipts within its allowance', async () => {
        world.allowance.unsignedBytes = 1_000_000n;
        world.commitUnsigned([{ node: world.node, bytes: 1_000_000n }]);
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('refuses unsigned deliveries of a node that does not sell to it, of one twice, and with wrong sums', async () => {
        world.allowance.unsignedBytes = 10n;
        const entry = { node: world.node, bytes: 5n };
        world.commitUnsigned([{ ...entry, node: namedAddress('a stranger') }]);
        world.commitUnsigned([entry], {}, [entry, entry]);
        world.commitUnsigned([entry], {}, [{ ...entry, bytes: 4n }]);
        expect(await run()).toMatchObject({ cosigned: 0, refused: 3 });
        expect(verdicts().map(({ reason }) => reason.split(':')[0])).toEqual([
            'MKT_EVIDENCE__TOKEN_FOREIGN',
            'MKT_PROVIDER__NODE_TWICE',
            'MKT_PROVIDER__TOTALS_WRONG',
        ]);
    });

    it('refuses kinds that it cannot check', async () => {
        world.commit([], { kind: 2 });
        await expectRefusal('MKT_PROVIDER__KIND_UNSUPPORTED');
    });
});

describe('a pass of co-signing', () => {
    it('waits while the committer is down and co-signs once it answers', async () => {
        const { address } = world.commit([await world.issue(session())]);
        const manifest = world.manifests.get(address.toBase58());
        world.manifests.clear();
        expect(await run()).toEqual({ cosigned: 0, refused: 0, waiting: 1, unknown: 0 });
        if (manifest !== undefined) world.manifests.set(address.toBase58(), manifest);
        expect(await run()).toMatchObject({ waiting: 1 });
        world.clock.nowMs += 60_000;
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('waits while another manifest than the committed one is served, because the right one may follow', async () => {
        const commitment = world.commit([await world.issue(session())]);
        const manifest = world.manifests.get(commitment.address.toBase58());
        if (manifest === undefined) throw new Error('a manifest');
        world.manifests.set(manifest.commitment, { ...manifest, sessions: [] });
        expect(await run()).toMatchObject({ waiting: 1 });
        expect(verdicts()[0]?.reason).toContain('MKT_PROVIDER__MANIFEST_FOREIGN');
    });

    it('goes on with the next commitment after a bad one', async () => {
        world.commit([session()]);
        world.commit([await world.issue(session())]);
        expect(await run()).toEqual({ cosigned: 1, refused: 1, waiting: 0, unknown: 0 });
    });

    it('co-signs once only, also after a restart, and still knows why it refused', async () => {
        world.commit([await world.issue(session())]);
        world.commit([session()]);
        await run();
        await world.restart();
        expect(await run()).toEqual({ cosigned: 1, refused: 1, waiting: 0, unknown: 0 });
        expect(world.cosigned).toHaveLength(1);
        expect(verdicts().map(({ verdict }) => verdict)).toEqual(['cosigned', 'refused']);
    });

    it('finds on chain what landed before it was killed', async () => {
        const commitment = world.commit([await world.issue(session())]);
        world.chain.cosign = async () => {
            commitment.isCosigned = true;
            commitment.awaitsCosignature = false;
            throw new Error('killed before the confirmation');
        };
        expect(await run()).toMatchObject({ waiting: 1 });
        await world.restart();
        expect(await run()).toMatchObject({ cosigned: 1 });
    });

    it('counts configured contracts that the cluster does not have', async () => {
        const deps = { ...world.deps(), contracts: [namedAddress('nowhere')] };
        expect(await cosignCommitments(deps, never)).toEqual({ cosigned: 0, refused: 0, waiting: 0, unknown: 1 });
    });

    it('stops at once when told to', async () => {
        world.commit([await world.issue(session())]);
        const controller = new AbortController();
        controller.abort();
        await expect(cosignCommitments(world.deps(), controller.signal)).rejects.toThrow();
        expect(world.cosigned).toEqual([]);
    });
});
