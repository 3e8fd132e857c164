import { verify } from 'node:crypto';
import { decodeReceiptOrRefuse, judgeReceipt, Session } from '@ocm/node';
import { toBase64 } from '@ocm/sdk/core';
import { createClient, createSession, OBJECT_BYTES, RECORDS_PER_SESSION, START_MS, signReceipt } from './input.js';

const RECEIPTS = 2_000;
const WARM_UP = 200;

/** Seconds of one core for the same receipts: as the node judges them, and by native Ed25519 alone. */
export function measureSignatures(): { receipts: number; nodeSeconds: number; nativeSeconds: number } {
    const cases = Array.from({ length: RECEIPTS + WARM_UP }, (_, index) => {
        // A key of its own for each, as clients have it: what is prepared for one key is of no use for the next.
        const client = createClient();
        const one = createSession(client, index);
        const tokenSignature = toBase64(new Uint8Array(64));
        const entry = { type: 'session' as const, token: one.token, tokenSignature, openedAtMs: START_MS };
        const session = new Session(entry, '');
        session.hand(RECORDS_PER_SESSION * OBJECT_BYTES);
        return { client, session, signed: signReceipt(client, one, 1) };
    });
    const judge = ({ session, signed }: (typeof cases)[number]): boolean => {
        const { receipt } = decodeReceiptOrRefuse(signed);
        return judgeReceipt(session, signed, receipt) === 'next';
    };
    const native = ({ client, signed }: (typeof cases)[number]): boolean =>
        verify(null, signed.body, client.publicKey, signed.signature);
    const time = (run: (one: (typeof cases)[number]) => boolean): number => {
        for (const one of cases.slice(0, WARM_UP)) run(one);
        const before = process.cpuUsage();
        if (!cases.slice(WARM_UP).every(run)) throw new Error('a receipt of the benchmark was refused');
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1e6;
    };
    return { receipts: RECEIPTS, nodeSeconds: time(judge), nativeSeconds: time(native) };
}
