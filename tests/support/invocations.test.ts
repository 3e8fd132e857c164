import { Ed25519Program, Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { matchUnits, parseInvocations, type StartedInstruction } from './invocations.js';

const address = (place: number) => Keypair.fromSeed(new Uint8Array(32).fill(place)).publicKey.toBase58();
const [OUTER, INNER] = [address(1), address(2)];
const NATIVE = '11111111111111111111111111111111';
const started = (programId: string, called = false): StartedInstruction => ({
    programId,
    called,
    data: new Uint8Array(),
});

const LOGS = [
    `Program ${OUTER} invoke [1]`,
    `Program log: Program ${INNER} invoke [2]`,
    `Program ${NATIVE} invoke [2]`,
    `Program ${NATIVE} success`,
    `Program ${INNER} invoke [2]`,
    `Program ${INNER} consumed 700 of 195000 compute units`,
    `Program return: ${INNER} AQ==`,
    `Program ${INNER} success`,
    `Program ${OUTER} consumed 5300 of 200000 compute units`,
    `Program ${OUTER} success`,
];
const INSTRUCTIONS = [started(OUTER), started(NATIVE, true), started(INNER, true)];

describe('parseInvocations', () => {
    it('gives units to the program that used them, and none to a native one', () => {
        expect(parseInvocations(LOGS)).toEqual([
            { programId: OUTER, units: 5_300 },
            { programId: NATIVE, units: null },
            { programId: INNER, units: 700 },
        ]);
    });
});

describe('matchUnits', () => {
    it('gives each instruction its own', () => {
        expect(matchUnits(INSTRUCTIONS, LOGS)).toEqual([5_300, null, 700]);
    });
    it('passes over a precompile, which says nothing', () => {
        const ed25519 = started(Ed25519Program.programId.toBase58());
        expect(matchUnits([ed25519, ...INSTRUCTIONS], LOGS)).toEqual([null, 5_300, null, 700]);
    });
    it('knows no units of what a cut log does not tell', () => {
        expect(matchUnits(INSTRUCTIONS, [...LOGS.slice(0, 4), 'Log truncated'])).toEqual([null, null, null]);
    });
    it('refuses the log of another transaction', () => {
        expect(() => matchUnits([started(INNER)], LOGS)).toThrow(`the log tells of ${OUTER} where ${INNER} ran`);
        expect(() => matchUnits([...INSTRUCTIONS, started(OUTER)], LOGS)).toThrow('the log tells of nothing');
        expect(() => matchUnits([started(OUTER)], LOGS)).toThrow('more programs than ran');
    });
});
