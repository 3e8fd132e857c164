import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import { Keypair, SendTransactionError, SystemProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { IDLS, PROGRAM_IDS } from '../programs/ids.js';
import { describeProgramError } from './describe.js';

const registry = PROGRAM_IDS.registry.toBase58();
const market = PROGRAM_IDS.market.toBase58();
const notBoard = IDLS.registry.errors.find(({ name }) => name === 'NotBoard')!;

const refusal = (programId: string, code: number) =>
    `Program ${programId} failed: custom program error: 0x${code.toString(16)}`;
const expected = { program: 'registry', code: notBoard.code, name: 'NotBoard', message: notBoard.msg };

describe('describeProgramError', () => {
    it('reads the logs of a SendTransactionError', () => {
        const error = new SendTransactionError({
            action: 'send',
            signature: '',
            transactionMessage: 'Transaction simulation failed',
            logs: [`Program ${registry} invoke [1]`, refusal(registry, notBoard.code)],
        });
        expect(describeProgramError(error)).toEqual(expected);
    });

    it('reads a JSON-RPC preflight error', () => {
        const error = { code: -32002, message: 'failed', data: { err: {}, logs: [refusal(registry, notBoard.code)] } };
        expect(describeProgramError(error)).toEqual(expected);
    });

    it('reads an error that stands as the cause of another', () => {
        const inner = { value: { logs: [refusal(registry, notBoard.code)] } };
        expect(describeProgramError(new Error('outer', { cause: inner }))).toEqual(expected);
    });

    it('blames the called program, not the caller that passes its code on', () => {
        const logs = [refusal(registry, notBoard.code), refusal(market, notBoard.code)];
        expect(describeProgramError({ logs })).toEqual(expected);
    });

    it('does not believe a program that imitates a failure in its own log line', () => {
        const logs = [`Program log: ${refusal(market, 6000)}`, refusal(registry, notBoard.code)];
        expect(describeProgramError({ logs })).toEqual(expected);
    });

    it('names the account that Anchor blames', () => {
        const logs = [
            'Program log: AnchorError caused by account: config. Error Code: ConstraintSeeds. Error Number: 2006. Error Message: x.',
            refusal(registry, 2006),
        ];
        expect(describeProgramError({ logs })).toMatchObject({
            program: 'registry',
            code: 2006,
            name: 'ConstraintSeeds',
            account: 'config',
        });
    });

    it('takes the program of the failed instruction when there are no logs', () => {
        const err = { InstructionError: [1, { Custom: notBoard.code }] };
        const instructions = [{ programId: PROGRAM_IDS.market }, { programId: PROGRAM_IDS.registry }];
        expect(describeProgramError({ err }, { instructions })).toEqual(expected);
        expect(describeProgramError(err, { instructions })).toEqual(expected);
    });

    it('names what a token program or the system program refuses', () => {
        expect(describeProgramError({ logs: [refusal(TOKEN_PROGRAM_ID.toBase58(), 1)] })).toMatchObject({
            program: 'token',
            name: 'InsufficientFunds',
        });
        expect(describeProgramError({ logs: [refusal(SystemProgram.programId.toBase58(), 1)] })).toMatchObject({
            program: 'system',
            name: 'ResultWithNegativeLamports',
        });
    });

    it('gives a code that no IDL knows as it is', () => {
        expect(describeProgramError({ logs: [refusal(registry, 65_535)] })).toMatchObject({ name: 'Custom65535' });
    });

    const circular: { cause?: unknown } = {};
    circular.cause = circular;
    it.each([
        ['a code without logs and instructions', { InstructionError: [0, { Custom: 6000 }] }],
        ['a foreign program', { logs: [refusal(Keypair.generate().publicKey.toBase58(), 6000)] }],
        ['an error of the network', new Error('fetch failed')],
        ['an error that is its own cause', circular],
        ['an instruction error without a custom code', { InstructionError: [0, 'InvalidAccountData'] }],
        ['null', null],
        ['text', 'custom program error: 0x1770'],
    ])('has nothing to say about %s', (_name, error) => {
        expect(describeProgramError(error)).toBeNull();
    });
});
