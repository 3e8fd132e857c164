import { describe, expect, it } from 'vitest';
import { computeFigures, type MeasuredTransaction, parseRecording } from './measurements.js';

function transaction(overrides: Partial<MeasuredTransaction>): MeasuredTransaction {
    return {
        test: 'a.test.ts',
        sequence: 0,
        transactionBytes: 100,
        feeLamports: 5_000,
        rentLamports: 0,
        instructions: [],
        ...overrides,
    };
}

const direct = (units: number | null, name = 'market.accept_offer') => ({ name, units, called: false });
const called = (units: number, name = 'registry.lock_stake') => ({ name, units, called: true });

describe('parseRecording', () => {
    it('orders by test file and place, whatever was written first', () => {
        const written = [
            { test: 'b.test.ts', sequence: 0 },
            { test: 'a.test.ts', sequence: 10 },
            { test: 'a.test.ts', sequence: 9 },
        ];
        const text = written.map((place) => `${JSON.stringify(transaction(place))}\n`).join('');
        const read = parseRecording(text).map(({ test, sequence }) => [test, sequence]);
        expect(read).toEqual([
            ['a.test.ts', 9],
            ['a.test.ts', 10],
            ['b.test.ts', 0],
        ]);
    });
    it('reads an empty recording', () => {
        expect(parseRecording('')).toEqual([]);
    });
});

describe('computeFigures', () => {
    it('tells the first, the median and the worst of every quantity', () => {
        const transactions = [
            transaction({ instructions: [direct(30)], transactionBytes: 500, rentLamports: 7 }),
            transaction({ instructions: [direct(10)], transactionBytes: 300, feeLamports: 10_000, rentLamports: -7 }),
            transaction({ instructions: [direct(90)], transactionBytes: 400 }),
        ];
        expect(computeFigures(['market.accept_offer'], transactions).figures).toEqual({
            'market.accept_offer': {
                units: { first: 30, typical: 30, worst: 90 },
                transactionBytes: { first: 500, typical: 400, worst: 500 },
                feeLamports: { first: 5_000, typical: 5_000, worst: 10_000 },
                rentLamports: { first: 7, typical: 0, worst: 7 },
            },
        });
    });
    it('counts a transaction once and the units of each of its instructions', () => {
        const instructions = [called(10), called(20), called(60)];
        const { figures } = computeFigures(['registry.lock_stake'], [transaction({ instructions })]);
        expect(figures['registry.lock_stake']).toMatchObject({
            units: { first: 10, typical: 20, worst: 60 },
            feeLamports: { first: 5_000, typical: 5_000, worst: 5_000 },
        });
    });
    it('leaves calls by other programs out where the instruction is sent itself too', () => {
        const name = 'registry.lock_stake';
        const transactions = [
            transaction({ instructions: [called(999)] }),
            transaction({ instructions: [direct(5, name)] }),
        ];
        expect(computeFigures([name], transactions).figures[name]?.units).toEqual({ first: 5, typical: 5, worst: 5 });
    });
    it('names what no transaction holds, and what none tells the units of', () => {
        const transactions = [transaction({ instructions: [direct(null)] })];
        const names = ['market.accept_offer', 'market.post_offer'];
        expect(computeFigures(names, transactions)).toEqual({ figures: {}, unmeasured: names });
    });
});
