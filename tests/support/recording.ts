import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MeasuredTransaction } from '@ocm/scripts';
import type { Transaction, VersionedTransactionResponse } from '@solana/web3.js';
import bs58 from 'bs58';
import fc from 'fast-check';
import { expect } from 'vitest';
import { matchUnits, type StartedInstruction } from './invocations.js';

/** Where to write what each successful transaction took, a line of JSON each; nothing is written without it. */
const RECORDING = process.env.OCM_TEST_RECORDING;
// Figures are compared with those of another run: properties must take the same walks in both.
if (RECORDING) fc.configureGlobal({ seed: 1 });
/** Random walks weigh what they happen to meet: figures come from the tests that say what they do. */
const MEASURED = /^tests\/(programs|flows)\//;
const DISCRIMINATOR_BYTES = 8;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let sequence = 0;
let names: Map<string, string> | undefined;

const toKey = (programId: string, data: Uint8Array) =>
    `${programId} ${Buffer.from(data.subarray(0, DISCRIMINATOR_BYTES)).toString('hex')}`;

/** `program.instruction` by program address and discriminator, of every IDL there is. */
function readNames(): Map<string, string> {
    const folder = new URL('../../sdk/idl/', import.meta.url);
    const found = new Map<string, string>();
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
        const idl = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
            address: string;
            instructions: { name: string; discriminator: number[] }[];
        };
        for (const { name, discriminator } of idl.instructions) {
            found.set(toKey(idl.address, Uint8Array.from(discriminator)), `${file.slice(0, -'.json'.length)}.${name}`);
        }
    }
    return found;
}

function listStarted({ instructions }: Transaction, landed: VersionedTransactionResponse): StartedInstruction[] {
    const keys = landed.transaction.message.getAccountKeys();
    return instructions.flatMap(({ programId, data }, index) => {
        const inner = landed.meta?.innerInstructions?.find((set) => set.index === index)?.instructions ?? [];
        return [
            { programId: programId.toBase58(), data, called: false },
            ...inner.map((instruction) => ({
                programId: keys.get(instruction.programIdIndex)?.toBase58() ?? '',
                data: bs58.decode(instruction.data),
                called: true,
            })),
        ];
    });
}

/** What accounts that came to be hold, less what those that ceased to be held. */
function sumRent({ meta }: VersionedTransactionResponse): number {
    const { preBalances = [], postBalances = [] } = meta ?? {};
    return preBalances.reduce((sum, before, place) => {
        const after = postBalances[place] ?? 0;
        return before === 0 || after === 0 ? sum + after - before : sum;
    }, 0);
}

/** Writes what a transaction took, where `OCM_TEST_RECORDING` names a file. */
export function recordTransaction(
    transaction: Transaction,
    transactionBytes: number,
    landed: VersionedTransactionResponse,
): void {
    const test = relative(ROOT, expect.getState().testPath ?? '');
    if (RECORDING === undefined || !MEASURED.test(test)) return;
    names ??= readNames();
    const started = listStarted(transaction, landed);
    const units = matchUnits(started, landed.meta?.logMessages ?? []);
    const instructions = started.flatMap(({ programId, data, called }, place) => {
        const name = names?.get(toKey(programId, data));
        return name === undefined ? [] : [{ name, units: units[place] ?? null, called }];
    });
    const measured: MeasuredTransaction = {
        test,
        sequence: sequence++,
        transactionBytes,
        feeLamports: landed.meta?.fee ?? 0,
        rentLamports: sumRent(landed),
        instructions,
    };
    if (instructions.length > 0) appendFileSync(RECORDING, `${JSON.stringify(measured)}\n`);
}
