import type { ReceiptEvent } from '@ocm/sdk/browser';
import { describe, expect, it } from 'vitest';
import { IDLE_STREAM, withEvent, withObject } from './stream-state';

const NODE = 'SysvarRent111111111111111111111111111111111';
const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)] as const;

const located = (node: string | null, url: string): ReceiptEvent => ({ type: 'located', node, url });
const session = (id: string, bytes = '0', epoch = 4): ReceiptEvent => ({
    type: 'session',
    session: id,
    node: NODE,
    epoch,
    bytes,
});
const receipt = (id: string, bytes: string, copied = true): ReceiptEvent => ({
    type: 'receipt',
    session: id,
    node: NODE,
    seq: 1,
    bytes,
    copied,
});
const after = (...events: ReceiptEvent[]) => events.reduce(withEvent, { ...IDLE_STREAM, phase: 'routing' as const });

describe('the state of a playback', () => {
    it('says who serves, and when that changes', () => {
        const served = after(located(NODE, 'http://127.0.0.1:4000/'));
        expect(served).toMatchObject({
            phase: 'opening',
            delivery: 'node',
            node: NODE,
            servedBy: '127.0.0.1:4000',
        });
        const playing = { ...served, phase: 'playing' as const };
        expect(withEvent(playing, located(null, 'http://origin.test/'))).toMatchObject({
            phase: 'playing',
            delivery: 'traditional',
            node: null,
            servedBy: 'origin.test',
        });
    });

    it('adds up what the nodes of all sessions have receipts over, and counts copies by themselves', () => {
        const state = after(
            session(ONE),
            receipt(ONE, '10', false),
            receipt(ONE, '25'),
            session(TWO),
            receipt(TWO, '7'),
        );
        expect(state).toMatchObject({ acknowledgedBytes: 32n, receipts: 3, receiptCopies: 2, epoch: 4 });
    });

    it('counts nothing of an earlier playback: neither what a session began with nor receipts of one it never met', () => {
        expect(after(session(ONE, '100'), receipt(ONE, '130'), receipt(TWO, '999'))).toMatchObject({
            acknowledgedBytes: 30n,
            receipts: 1,
        });
    });

    it('counts a receipt that comes again, or a session that is opened again, once', () => {
        const state = after(
            session(ONE),
            receipt(ONE, '40'),
            session(ONE, '40', 5),
            receipt(ONE, '40'),
            receipt(ONE, '30'),
        );
        expect(state).toMatchObject({ acknowledgedBytes: 40n, epoch: 5 });
    });

    it('counts what has come, receipted or not', () => {
        expect(withObject(withObject(IDLE_STREAM, 3), 4)).toMatchObject({ receivedBytes: 7n, objects: 2 });
    });

    it('says in words what it does without, each thing once', () => {
        const unsigned: ReceiptEvent = { type: 'unsigned', code: 'MKT_X', message: 'no provider.' };
        const { notes } = after(unsigned, unsigned, { type: 'error', code: 'MKT_Y', message: 'a copy is late.' });
        expect(notes).toEqual(['Playing without receipts: no provider.', 'a copy is late.']);
    });
});
