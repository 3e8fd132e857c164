import { generateKeyPair, toHex } from '@ocm/sdk/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContract, createSession, namedAddress } from '../../runtime/tests/support/sessions.js';
import { buildCommitment, combineSla } from '../src/build-commitment.js';
import { checkEvidence } from '../src/check-evidence.js';
import { computeCommitWindow, computeOpenEpochs, computePatienceEnd } from '../src/epochs.js';
import { log } from './support/world.js';

const terms = fc.record({
    genesisAt: fc.bigInt({ min: 0n, max: 2n ** 32n }),
    epochLengthSecs: fc.integer({ min: 1, max: 86_400 }),
    epochCount: fc.integer({ min: 1, max: 500 }),
    commitDelaySecs: fc.integer({ min: 1, max: 3_600 }),
    commitWindowSecs: fc.integer({ min: 1, max: 86_400 }),
});

describe('commit windows', () => {
    it('list exactly the epochs that the program would take', () => {
        fc.assert(
            fc.property(
                terms,
                fc.integer({ min: -10, max: 600 }),
                fc.integer({ min: 0, max: 86_400 }),
                (input, at, offset) => {
                    const nowSecs = Number(input.genesisAt) + at * input.epochLengthSecs + offset;
                    const { first, last } = computeOpenEpochs(input, nowSecs);
                    for (let epoch = 0; epoch < input.epochCount; epoch += 1) {
                        const { opensAt, closesAt } = computeCommitWindow(input, epoch);
                        expect(epoch >= first && epoch <= last).toBe(nowSecs >= opensAt && nowSecs <= closesAt);
                    }
                },
            ),
        );
    });

    it('leave time to send after waiting for a node', () => {
        fc.assert(
            fc.property(terms, (input) => {
                const { opensAt, closesAt } = computeCommitWindow(input, 0);
                const patience = computePatienceEnd(input, 0);
                expect(patience).toBeGreaterThanOrEqual(opensAt);
                expect(patience).toBeLessThan(closesAt);
            }),
        );
    });
});

describe('building a commitment', () => {
    const issuer = generateKeyPair();
    const contract = createContract(issuer);
    const node = namedAddress('node one');

    it('gives the same bytes for the same sessions in any order', async () => {
        const fixtures = Array.from({ length: 12 }, () => createSession({ contract, issuer, node, records: 1 }));
        const evidence = {
            node: node.toBase58(),
            contract: contract.address.toBase58(),
            epoch: 0,
            sessions: fixtures.map((fixture) => fixture.evidence),
            unreceiptedBytes: '0',
            sla: { availabilityPpm: 1, errorPpm: 1, ttfbP95Ms: 1, stallPpm: 1, sessions: 12 },
        };
        const signal = new AbortController().signal;
        const clusterTag = 0x0c0ffee0;
        const sessions = await checkEvidence({
            evidence,
            contract,
            epoch: 0,
            node: evidence.node,
            clusterTag,
            log,
            signal,
        });
        expect(sessions).toHaveLength(12);
        const build = (ordered: typeof sessions) =>
            buildCommitment({ commitment: namedAddress('commitment'), contract, epoch: 0, kind: 0, sessions: ordered });
        const expected = build(sessions);
        fc.assert(
            fc.property(fc.shuffledSubarray(sessions, { minLength: 12 }), (shuffled) => {
                expect(build(shuffled).manifest).toEqual(expected.manifest);
                expect(toHex(build(shuffled).tree.root)).toBe(toHex(expected.tree.root));
            }),
            { numRuns: 20 },
        );
        expect(JSON.stringify(expected.manifest)).not.toContain('seg-0.m4s');
    });

    it('never improves on the nodes when it combines their service figures', () => {
        const summary = fc.record({
            availabilityPpm: fc.integer({ min: 0, max: 1_000_000 }),
            errorPpm: fc.integer({ min: 0, max: 1_000_000 }),
            ttfbP95Ms: fc.integer({ min: 0, max: 100_000 }),
            stallPpm: fc.integer({ min: 0, max: 1_000_000 }),
            sessions: fc.integer({ min: 0, max: 1_000 }),
        });
        fc.assert(
            fc.property(fc.array(summary, { minLength: 1, maxLength: 6 }), (summaries) => {
                const sessions = summaries.reduce((sum, item) => sum + item.sessions, 0);
                fc.pre(sessions > 0);
                const weighted = (pick: (item: (typeof summaries)[number]) => number) =>
                    summaries.reduce((sum, item) => sum + pick(item) * item.sessions, 0) / sessions;
                const combined = combineSla(summaries);
                expect(combined.sessions).toBe(sessions);
                expect(combined.availabilityPpm).toBeLessThanOrEqual(weighted((item) => item.availabilityPpm));
                expect(combined.errorPpm).toBeGreaterThanOrEqual(weighted((item) => item.errorPpm));
                expect(combined.stallPpm).toBeLessThanOrEqual(1_000_000);
                expect(combined.ttfbP95Ms).toBeLessThanOrEqual(0xffff);
            }),
        );
    });
});
