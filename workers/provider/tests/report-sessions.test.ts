import { decodeReceipt, decodeToken, fromBase64, fromHex, type Receipt, type Token } from '@ocm/sdk/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSession, EPOCH_SECS, GENESIS_SECS } from '../../runtime/tests/support/sessions.js';
import { computeFigures } from '../src/report/quality.js';
import { readSessions } from '../src/report/sessions.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const session = (options: Partial<Parameters<typeof createSession>[0]> = {}) =>
    createSession({ contract: world.contract, issuer: world.issuer, node: world.node, ...options });

describe('sessions of a manifest', () => {
    function commit() {
        const commitment = world.commit([session({ bytes: 5n, token: { clientGroup: 9 } }), session({ bytes: 7n })]);
        const manifest = world.manifests.get(commitment.address.toBase58());
        if (manifest === undefined) throw new Error('the manifest is there');
        return { commitment, manifest };
    }

    it('are read with the node, group and bytes that the leaves bind', () => {
        const { commitment, manifest } = commit();
        expect(readSessions(manifest, commitment)?.map(({ node, group, bytes }) => [node, group, bytes])).toEqual([
            [world.node.toBase58(), 9, 5n],
            [world.node.toBase58(), 7, 7n],
        ]);
    });

    it('are read from a tree of the depth that the seller chose', () => {
        const commitment = world.commit([session({ bytes: 5n }), session({ bytes: 7n })], {}, 0, 5);
        const manifest = world.manifests.get(commitment.address.toBase58()) ?? null;
        expect(readSessions(manifest, commitment)?.map(({ bytes }) => bytes)).toEqual([5n, 7n]);
        expect(readSessions(manifest, { ...commitment, depth: 4 })).toBeNull();
    });

    it('are none when one is left out, twice, or has a token or receipt that is not in its leaf', () => {
        const { commitment, manifest } = commit();
        const [first, second] = manifest.sessions;
        if (first === undefined || second === undefined) throw new Error('there are two sessions');
        const other = session({ bytes: 5n }).evidence;
        for (const sessions of [
            [first],
            [],
            [first, second, second],
            [{ ...first, token: other.token }, second],
            [{ ...first, receipt: other.receipt }, second],
            [{ ...first, leaf: other.leaf }, second],
            [{ ...first, token: '*' }, second],
        ])
            expect(readSessions({ ...manifest, sessions }, commitment)).toBeNull();
        expect(readSessions(null, commitment)).toBeNull();
        expect(readSessions(manifest, { ...commitment, root: fromHex('00'.repeat(32)) })).toBeNull();
        expect(readSessions(manifest, { ...commitment, totalBytes: 13n })).toBeNull();
    });

    it('have the node of the token, whatever the operator wrote beside it', () => {
        const { commitment, manifest } = commit();
        const sessions = manifest.sessions.map((each) => ({ ...each, node: '1'.repeat(32) }));
        expect(readSessions({ ...manifest, sessions }, commitment)?.[0]?.node).toBe(world.node.toBase58());
    });
});

describe('figures of quality', () => {
    const copy = (receipt: Partial<Receipt>, token: Partial<Token> = {}) => {
        const { evidence, key } = session({ receipt, token });
        return {
            key,
            receipt: decodeReceipt(fromBase64(evidence.receipt)),
            token: decodeToken(fromBase64(evidence.token)),
            epochBeginsAtSecs: GENESIS_SECS,
        };
    };
    const at = (secs: number) => BigInt(GENESIS_SECS + secs) * 1_000n;

    it('are not known without a receipt', () => {
        const unknown = { availabilityPpm: null, errorPpm: null, ttfbP95Ms: null, stallPpm: null };
        expect(computeFigures([])).toEqual(unknown);
    });

    it('take the nearest rank of times to first byte and shares of requests and of viewing time', () => {
        const copies = Array.from({ length: 20 }, (_, place) =>
            copy({ ttfbP95Ms: place + 1, lastMs: at(10), stallCentisecs: 10, objects: 9, errors: 1 }),
        );
        expect(computeFigures(copies)).toMatchObject({ ttfbP95Ms: 19, stallPpm: 10_000, errorPpm: 100_000 });
    });

    it('count viewing from the issue of a token, which begins a minute before', () => {
        const copies = [
            copy(
                { lastMs: at(170), stallCentisecs: 100 },
                { notBeforeSecs: GENESIS_SECS + 100, notAfterSecs: GENESIS_SECS + 300 },
            ),
        ];
        // Issued at 160 s: one second of ten.
        expect(computeFigures(copies).stallPpm).toBe(100_000);
    });

    it('give nobody more weight than its token lived, whatever time it signs', () => {
        const lifeSecs = EPOCH_SECS + 10;
        const liar = copy({ lastMs: 2n ** 64n - 1n, stallCentisecs: 0 });
        const honest = copy({ lastMs: at(lifeSecs), stallCentisecs: 100 });
        expect(computeFigures([liar, honest]).stallPpm).toBe(Math.floor(1_000_000_000 / (2 * lifeSecs * 1_000)));
        expect(computeFigures([copy({ lastMs: 0n, stallCentisecs: 5 })]).stallPpm).toBeNull();
    });
});
