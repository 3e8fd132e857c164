import { z } from 'zod';
import { type DecodedInstruction, decodeEvent, decodeInstruction, PROGRAM_IDS } from '../chain/idl.js';
import { readWire, type WireInstruction } from '../chain/wire.js';
import type { CopyTransaction } from '../copy/layout.js';
import { failure } from '../errors.js';
import { equalBytes, fromBase64, toBase64 } from '../protocol/bytes.js';
import { type Scope, TIMED_INSTRUCTIONS } from '../replay/scope.js';
import { fromBase58 } from './base58.js';
import { readLoggedData } from './logs.js';
import type { Rpc } from './rpc.js';

const COMMITMENT = 'confirmed';
/** First bytes of the instruction with which a program writes an event to itself. */
const EVENT_TAG = Uint8Array.of(0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d);

const accountAnswer = z.object({
    value: z.object({ data: z.tuple([z.string(), z.literal('base64')]), owner: z.string() }).nullable(),
});
const transactionAnswer = z
    .object({
        slot: z.number(),
        blockTime: z.number().nullish(),
        transaction: z.tuple([z.string(), z.literal('base64')]),
        meta: z.object({
            err: z.unknown(),
            logMessages: z.array(z.string()).nullish(),
            innerInstructions: z
                .array(
                    z.object({
                        index: z.number().int(),
                        instructions: z.array(z.object({ programIdIndex: z.number().int(), data: z.string() })),
                    }),
                )
                .nullish(),
        }),
    })
    .nullable();
export type ChainTransaction = {
    signature: string;
    slot: number;
    time: number | null;
    wire: string;
    instructions: readonly (WireInstruction & { decoded: DecodedInstruction | null })[];
    events: CopyTransaction['events'];
};

export async function readAccount(rpc: Rpc, address: string): Promise<{ data: string; owner: string } | null> {
    const { value } = await rpc(
        'getAccountInfo',
        [address, { encoding: 'base64', commitment: COMMITMENT }],
        accountAnswer,
    );
    return value === null ? null : { data: value.data[0], owner: value.owner };
}

/** A transaction with its events by instruction. Nothing of it is believed here: verification checks the signatures. */
export async function readTransaction(rpc: Rpc, signature: string): Promise<ChainTransaction> {
    const options = { encoding: 'base64', commitment: COMMITMENT, maxSupportedTransactionVersion: 0 };
    const answer = await rpc('getTransaction', [signature, options], transactionAnswer);
    if (answer === null)
        throw failure(
            'MKT_VERIFIER__TRANSACTION_MISSING',
            `the cluster no longer has transaction ${signature}; use an RPC node that keeps the whole history`,
        );
    const [wire] = answer.transaction;
    const bytes = fromBase64(wire);
    const read = bytes === null ? { problem: 'it is not in base64' } : readWire(bytes, () => true);
    if ('problem' in read)
        throw failure('MKT_VERIFIER__TRANSACTION_UNREADABLE', `transaction ${signature}: ${read.problem}`);
    const { instructions, keys } = read;
    const inner = (answer.meta.innerInstructions ?? []).flatMap(({ index, instructions: calls }) =>
        calls.map(({ programIdIndex, data }) => ({ index, program: keys[programIdIndex], data: fromBase58(data) })),
    );
    const events = [
        ...inner
            .filter(({ data }) => equalBytes(data.subarray(0, EVENT_TAG.length), EVENT_TAG))
            .map(({ index, program, data }) => ({ index, program, data: data.subarray(EVENT_TAG.length) })),
        ...readLoggedData(answer.meta.logMessages ?? [], instructions),
    ];
    return {
        signature,
        slot: answer.slot,
        time: answer.blockTime ?? null,
        wire,
        instructions: instructions.map((instruction) => ({ ...instruction, decoded: decodeOrNull(instruction) })),
        events: events.flatMap(({ index, program, data }) => {
            const name = (['market', 'settlement'] as const).find((known) => PROGRAM_IDS[known] === program);
            if (name === undefined || !isKnownEvent(name, data)) return [];
            return [{ data: toBase64(data), instruction: index, program: name }];
        }),
    };
}

function decodeOrNull({ programId, keys, data }: WireInstruction): DecodedInstruction | null {
    try {
        return decodeInstruction(programId, keys, data);
    } catch {
        return null;
    }
}

function isKnownEvent(program: 'market' | 'settlement', data: Uint8Array): boolean {
    try {
        return decodeEvent(program, data) !== null;
    } catch {
        // Kept: verification says what is wrong with it.
        return true;
    }
}

/** As the copy keeps it: the events of the contract's own instructions, and the time where something follows from it. */
export function toCopyTransaction(transaction: ChainTransaction, scope: Scope): CopyTransaction {
    const own = new Set<number>();
    let isTimed = false;
    for (const [index, { decoded }] of transaction.instructions.entries()) {
        if (decoded === null) continue;
        isTimed ||= TIMED_INSTRUCTIONS.has(decoded.name) && scope.concerns(decoded);
        if (decoded.name !== 'post_offer' && scope.concerns(decoded)) own.add(index);
    }
    const clock = isTimed && transaction.time !== null ? { slot: `${transaction.slot}`, time: transaction.time } : null;
    return {
        clock,
        events: transaction.events.filter(({ instruction }) => own.has(instruction)),
        wire: transaction.wire,
    };
}
