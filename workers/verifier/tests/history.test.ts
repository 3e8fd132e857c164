import { describe, expect, it } from 'vitest';
import { mergeHistories } from '../src/fetch/history.js';
import { readLoggedData } from '../src/fetch/logs.js';

const at = (slot: number, ...signatures: string[]) => signatures.map((signature) => ({ signature, slot }));

describe('transactions of several addresses', () => {
    it('come in one order: by slot, within a slot as each list has them, each once', () => {
        const contract = [...at(1, 'open'), ...at(5, 'commit', 'cosign', 'settle'), ...at(9, 'withdraw')];
        const commitment = [...at(5, 'commit', 'seed', 'cosign', 'settle'), ...at(7, 'prove')];
        expect(mergeHistories([contract, commitment, at(0, 'offer')])).toEqual([
            'offer',
            'open',
            'commit',
            'seed',
            'cosign',
            'settle',
            'prove',
            'withdraw',
        ]);
    });

    it('are as many as they are, also half a million of them', () => {
        const many = Array.from({ length: 200_000 }, (_, index) => ({ signature: `${index}`, slot: index >> 1 }));
        expect(mergeHistories([many, many.filter((_, index) => index % 3 === 0)])).toHaveLength(200_000);
    });
});

describe('data in a log', () => {
    const [own, other] = ['4aH5Rft9JdEHmdQAGr6gYWCd2sDdax8ez8n5vo2a2LGX', '11111111111111111111111111111111'];
    const wire = (programId: string) => ({ programId, keys: [], data: new Uint8Array() });

    it('belongs to the program that ran, and to its instruction; precompiles leave no line', () => {
        const logs = [
            `Program ${other} invoke [1]`,
            `Program ${own} invoke [2]`,
            'Program data: AQI=',
            `Program ${own} success`,
            'Program data: Aw==',
            `Program ${other} success`,
            `Program ${own} invoke [1]`,
            'Program log: Program data: AQI=',
            'Program data: BA==',
        ];
        const told = readLoggedData(logs, [
            wire('Ed25519SigVerify111111111111111111111111111'),
            wire(other),
            wire(own),
        ]);
        expect(told.map(({ index, program, data }) => [index, program, [...data]])).toEqual([
            [1, own, [1, 2]],
            [1, other, [3]],
            [2, own, [4]],
        ]);
    });
});
