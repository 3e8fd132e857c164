import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, type SignedTransaction } from '@ocm/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Intents } from '../src/intents.js';
import type { SendOptions, TransactionFinisher } from '../src/ports.js';
import { log } from './support/world.js';

const { signal } = new AbortController();
const signed = (byte: number): SignedTransaction => ({
    raw: new Uint8Array(200).fill(byte),
    signature: `signature ${byte}`,
    lastValidBlockHeight: 150,
});

let folder: string;
let intents: Intents;
let finished: SignedTransaction[];
const path = () => join(folder, 'intents.journal');
const finisher: TransactionFinisher = {
    finish: async (transaction) => {
        finished.push(transaction);
        return true;
    },
};
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-intents-'));
    finished = [];
    intents = await Intents.open({ path: path(), log });
});
afterEach(async () => {
    await intents.close();
    await rm(folder, { recursive: true, force: true });
});

/** Nothing but the disk is left. */
async function crash(): Promise<void> {
    await intents.close();
    intents = await Intents.open({ path: path(), log });
}
const once = (send: (options: SendOptions) => Promise<{ signature: string }>, key = 'seed/one') =>
    intents.once(finisher, { key, label: 'seed', signal, send });
const land = (byte: number) => async (options: SendOptions) => {
    await options.onSigned?.(signed(byte));
    return { signature: `signature ${byte}` };
};
const dieAfterSigning = (byte: number, error: Error) => async (options: SendOptions) => {
    await options.onSigned?.(signed(byte));
    throw error;
};
const away = failure('MKT_RUNTIME__RPC_UNREACHABLE', 'the cluster is away');

describe('intents', () => {
    it('forget a transaction that has landed', async () => {
        expect(await once(land(1))).toEqual({ signature: 'signature 1' });
        await crash();
        expect(await once(land(2))).toEqual({ signature: 'signature 2' });
        expect(finished).toEqual([]);
    });

    it('bring the same bytes to their end after a crash, and sign nothing anew meanwhile', async () => {
        await expect(once(dieAfterSigning(1, away))).rejects.toThrow('away');
        await crash();
        expect(intents.openCount).toBe(1);
        let signings = 0;
        const send = async () => {
            signings += 1;
            return { signature: 'another' };
        };
        expect(await once(send)).toBe('resumed');
        expect([finished, signings]).toEqual([[signed(1)], 0]);
        await crash();
        expect(await once(send)).toEqual({ signature: 'another' });
    });

    it('keep a transaction open while the cluster is away, also in the same life', async () => {
        await expect(once(dieAfterSigning(1, away))).rejects.toThrow('away');
        const unreachable = { finish: async () => Promise.reject(away) };
        const input = { key: 'seed/one', label: 'seed', signal, send: land(2) };
        await expect(intents.once(unreachable, input)).rejects.toThrow('away');
        expect(intents.openCount).toBe(1);
        expect(await once(land(2))).toBe('resumed');
    });

    it.each(['MKT_RUNTIME__TRANSACTION_REFUSED', 'MKT_RUNTIME__TRANSACTION_EXPIRED'] as const)(
        'end with %s, which is an answer',
        async (code) => {
            await expect(once(dieAfterSigning(1, failure(code, 'no')))).rejects.toThrow('no');
            await crash();
            expect(intents.openCount).toBe(0);
        },
    );

    it('keep apart what is different', async () => {
        await expect(once(dieAfterSigning(1, away), 'seed/one')).rejects.toThrow('away');
        expect(await once(land(2), 'seed/two')).toEqual({ signature: 'signature 2' });
        expect(finished).toEqual([]);
    });

    it('do not let their file grow without end, and lose nothing open when it is rewritten', async () => {
        await expect(once(dieAfterSigning(1, away), 'open')).rejects.toThrow('away');
        // Several loops at a time, as in the worker.
        for (let round = 0; round < 30; round += 1)
            await Promise.all(Array.from({ length: 50 }, (_, place) => once(land(2), `${round}/${place}`)));
        expect((await stat(path())).size).toBeLessThan(2_200 * 500);
        await crash();
        expect(intents.openCount).toBe(1);
        expect(await once(land(3), 'open')).toBe('resumed');
    });
});
