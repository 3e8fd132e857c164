import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlapDamping } from '../src/health/damping.js';
import { Maintenance } from '../src/health/maintenance.js';
import { type Outcome, PeerState } from '../src/health/peer-state.js';
import { createIdentity, isSignedBy, signText } from '../src/health/statement.js';
import { tempDir } from './support.js';

/** States after each outcome, one second apart. */
function statesAfter(outcomes: readonly Outcome[], state = new PeerState(), fromMs = 0): string[] {
    return outcomes.map((outcome, index) => state.observe(outcome, fromMs + index * 1_000));
}
const times = (count: number, outcome: Outcome): Outcome[] => Array<Outcome>(count).fill(outcome);

describe('the state of a peer', () => {
    it('is decided by its first answer', () => {
        expect(statesAfter(['accepts'])).toEqual(['up']);
        expect(statesAfter(['fails'])).toEqual(['down']);
        expect(statesAfter(['refuses'])).toEqual(['draining']);
    });
    it('falls with the third failure in a row and rises with the second answer', () => {
        const outcomes: Outcome[] = [
            'accepts',
            'fails',
            'fails',
            'accepts',
            ...times(3, 'fails'),
            ...times(2, 'accepts'),
        ];
        const expected = ['up', 'suspect', 'suspect', 'up', 'suspect', 'suspect', 'down', 'recovering', 'up'];
        expect(statesAfter(outcomes)).toEqual(expected);
    });
    it('does not count it as a fall when a peer said that it goes', () => {
        const state = new PeerState();
        for (let round = 0; round < 10; round += 1) {
            const outcomes: Outcome[] = ['accepts', 'accepts', 'refuses', 'fails'];
            const seen = statesAfter(outcomes, state, round * 4_000);
            expect(seen.at(-1)).toBe('down');
        }
        expect(statesAfter(times(2, 'accepts'), state, 40_000).at(-1)).toBe('up');
    });
    it('is held back after a third fall in a short time, until it has been quiet', () => {
        const state = new PeerState();
        const fall: Outcome[] = [...times(3, 'accepts'), ...times(3, 'fails')];
        statesAfter([...fall, ...fall, ...fall], state);
        expect(statesAfter(times(2, 'accepts'), state, 18_000).at(-1)).toBe('suppressed');
        expect(state.takesViewers(60_000)).toBe(false);
        expect(state.at(18_000 + 120_000)).toBe('up');
    });
    it('takes viewers exactly while it is up or suspect, whatever happens', () => {
        const outcome = fc.constantFrom<Outcome>('accepts', 'refuses', 'fails');
        fc.assert(
            fc.property(fc.array(fc.tuple(outcome, fc.nat({ max: 100_000 })), { maxLength: 60 }), (history) => {
                const state = new PeerState();
                let nowMs = 0;
                let failures = 0;
                for (const [what, laterMs] of history) {
                    nowMs += laterMs;
                    failures = what === 'fails' ? failures + 1 : 0;
                    const seen = state.observe(what, nowMs);
                    expect(state.takesViewers(nowMs)).toBe(seen === 'up' || seen === 'suspect');
                    if (failures >= 3 || what === 'refuses') expect(state.takesViewers(nowMs)).toBe(false);
                }
            }),
        );
    });
});

describe('flap damping', () => {
    it('never holds a peer back for more than ten minutes after its last fall', () => {
        const damping = new FlapDamping();
        for (let fall = 0; fall < 1_000; fall += 1) damping.fall(fall * 1_000);
        expect(damping.isSuppressed(1_000_000)).toBe(true);
        expect(damping.isSuppressed(999_000 + 10 * 60_000 + 1)).toBe(false);
    });
    it('does not grow when the clock goes back', () => {
        const damping = new FlapDamping();
        damping.fall(1_000_000);
        expect(damping.isSuppressed(0)).toBe(false);
    });
});

describe('a signed statement', () => {
    const keys = [
        generateKeyPairSync('ed25519'),
        generateKeyPairSync('ec', { namedCurve: 'P-256' }),
        generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ];
    it.each(keys.map(({ privateKey }) => [privateKey.asymmetricKeyType, privateKey] as const))(
        'of an %s key is believed for this purpose, this text and this key alone',
        (_, privateKey) => {
            const identity = createIdentity(privateKey);
            const signed = signText('health', '{"a":1}', identity);
            expect(isSignedBy('health', signed, identity.spkiHex)).toBe(true);
            expect(isSignedBy('observation', signed, identity.spkiHex)).toBe(false);
            expect(isSignedBy('health', { ...signed, statement: '{"a":2}' }, identity.spkiHex)).toBe(false);
            expect(isSignedBy('health', signed, 'ab'.repeat(32))).toBe(false);
            expect(isSignedBy('health', { ...signed, signature: null }, identity.spkiHex)).toBe(false);
            expect(isSignedBy('health', { ...signed, signature: '' }, identity.spkiHex)).toBe(false);
        },
    );
    it('with rubbish for a key is not believed', () => {
        const signed = { statement: '', signature: 'AA==', publicKey: '' };
        expect(isSignedBy('health', signed, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toBe(
            false,
        );
    });
});

describe('maintenance', () => {
    const NODE = '4Nd1mYQ1Yw3ZkZQ1Yw3ZkZQ1Yw3ZkZQ1Yw3ZkZQ1Yw3Z';
    it('is remembered over a restart, and ends by its time or by order', async () => {
        const [folder, clock] = [await tempDir(), { ms: 1_000 }];
        const first = new Maintenance(folder, () => clock.ms);
        await first.open();
        await first.set(NODE, 5_000);
        const second = new Maintenance(folder, () => clock.ms);
        await second.open();
        expect([second.includes(NODE), second.list()]).toEqual([true, [{ node: NODE, untilMs: 5_000 }]]);
        clock.ms = 5_000;
        expect([second.includes(NODE), second.list()]).toEqual([false, []]);
        clock.ms = 2_000;
        await second.set(NODE, 0);
        expect(second.includes(NODE)).toBe(false);
    });
    it('stops a router from starting when its file cannot be read', async () => {
        const folder = await tempDir();
        await writeFile(join(folder, 'maintenance.json'), '[{"node":');
        const opened = new Maintenance(folder, Date.now).open();
        await expect(opened).rejects.toMatchObject({ code: 'MKT_NODE__MAINTENANCE_UNREADABLE' });
    });
});
