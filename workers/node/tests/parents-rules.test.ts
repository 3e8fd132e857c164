import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LoadedMember, orderByLoad, UNBOUNDED_LOAD } from '../src/parents/bounded-load.js';
import { Detention } from '../src/parents/detention.js';
import { RetryBudget } from '../src/parents/retry-budget.js';
import { Ring } from '../src/parents/ring.js';

const members = (count: number, weight = 1): LoadedMember[] =>
    Array.from({ length: count }, (_, index) => ({ name: `parent-${index}`, weight, load: 0 }));
const keys = Array.from({ length: 4_000 }, (_, index) => `/object/${index}`);
const ownerOf = (ring: Ring<LoadedMember>, key: string): string => ring.walk(key).next().value?.name ?? '';

describe('a ring of parents', () => {
    it('gives every key the same order whatever the order in which members were listed', () => {
        const one = new Ring(members(5));
        const other = new Ring(members(5).reverse());
        for (const key of keys.slice(0, 200)) {
            expect([...one.walk(key)].map(({ name }) => name)).toEqual([...other.walk(key)].map(({ name }) => name));
        }
    });
    it('moves only the keys of the member that leaves', () => {
        const before = new Ring(members(6));
        const after = new Ring(members(6).filter(({ name }) => name !== 'parent-3'));
        const moved = keys.filter((key) => ownerOf(before, key) !== ownerOf(after, key));
        expect(moved.length).toBeGreaterThan(0);
        expect(moved.every((key) => ownerOf(before, key) === 'parent-3')).toBe(true);
    });
    it('spreads keys by weight', () => {
        const ring = new Ring<LoadedMember>([
            { name: 'small', weight: 1, load: 0 },
            { name: 'large', weight: 3, load: 0 },
        ]);
        const large = keys.filter((key) => ownerOf(ring, key) === 'large').length / keys.length;
        expect(large).toBeGreaterThan(0.65);
        expect(large).toBeLessThan(0.85);
    });
});

describe('bounded load', () => {
    it('never gives anyone more than its bound while anyone is below it, and leaves nobody out', () => {
        const loads = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 8 });
        fc.assert(
            fc.property(loads, fc.string(), fc.integer({ min: 1, max: 300 }), (under, key, slackPercent) => {
                const list = under.map((load, index) => ({ name: `p${index}`, weight: 1, load }));
                const order = orderByLoad(new Ring(list), key, slackPercent / 100);
                expect(new Set(order).size).toBe(list.length);
                const total = under.reduce((sum, load) => sum + load, 0);
                const bound = Math.ceil(((1 + slackPercent / 100) * (total + 1)) / list.length);
                expect(order[0]?.load).toBeLessThan(Math.max(UNBOUNDED_LOAD, bound));
            }),
        );
    });
    it('spills one hot key to its next members', () => {
        const list = members(4);
        const ring = new Ring(list);
        for (let request = 0; request < 400; request += 1) {
            const [first] = orderByLoad(ring, '/hot', 0.25);
            if (first !== undefined) first.load += 1;
        }
        expect(Math.max(...list.map(({ load }) => load))).toBeLessThanOrEqual(126);
    });
});

describe('detention', () => {
    const rules = { afterFailures: 2, firstMs: 1_000, maxMs: 4_000 };
    function create(): { detention: Detention; clock: { ms: number }; changes: boolean[] } {
        const clock = { ms: 0 };
        const changes: boolean[] = [];
        const note = (isDetained: boolean): unknown => changes.push(isDetained);
        return {
            detention: new Detention(
                rules,
                () => clock.ms,
                note,
                () => 1,
            ),
            clock,
            changes,
        };
    }
    it('begins after failures in a row, not after one', () => {
        const { detention } = create();
        detention.fail();
        detention.succeed();
        detention.fail();
        expect(detention.isDetained).toBe(false);
        detention.fail();
        expect(detention.isDetained).toBe(true);
    });
    it('lets one trial through at a time, and doubles when the trial fails', () => {
        const { detention, clock, changes } = create();
        detention.fail();
        detention.fail();
        expect(detention.untilMs).toBe(1_000);
        clock.ms = 1_000;
        expect(detention.isDetained).toBe(false);
        detention.begin();
        expect(detention.isDetained).toBe(true);
        detention.fail();
        expect(detention.untilMs).toBe(3_000);
        clock.ms = 3_000;
        detention.begin();
        detention.succeed();
        expect(detention.isDetained).toBe(false);
        expect(changes).toEqual([true, true, false]);
    });
    it('is never longer than its bound, not even when the parent asks for it', () => {
        const { detention, clock } = create();
        for (let time = 0; time < 10; time += 1) {
            clock.ms = detention.untilMs || clock.ms;
            detention.begin();
            detention.fail(60_000);
            expect(detention.untilMs - clock.ms).toBeLessThanOrEqual(4_000);
        }
    });
    it('ends a trial that we cut off without a verdict', () => {
        const { detention, clock } = create();
        detention.fail(500);
        clock.ms = 10_000;
        detention.begin();
        detention.release();
        expect(detention.isDetained).toBe(false);
    });
});

describe('a budget of retries', () => {
    it('gives a share of what was asked, and a little to who asks little', () => {
        const clock = { ms: 0 };
        const budget = new RetryBudget({ ratio: 0.25, perSecond: 1 }, () => clock.ms);
        let first = 0;
        while (budget.spend()) first += 1;
        expect(first).toBe(10);
        for (let request = 0; request < 40; request += 1) budget.earn();
        let later = 0;
        while (budget.spend()) later += 1;
        expect(later).toBe(10);
        clock.ms = 3_000;
        expect([budget.spend(), budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, true, false]);
    });
});
