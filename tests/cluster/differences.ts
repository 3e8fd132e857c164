import { createHash } from 'node:crypto';
import { Connection, Keypair, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { eventually, type RpcReply, rpc } from './support.js';

/** One question and its answer, with all that must differ between two clusters taken out. */
export type Answers = Map<string, unknown>;

const VOLATILE_KEYS = new Set([
    'absoluteSlot',
    'apiVersion',
    'blockHeight',
    'blockTime',
    'blockhash',
    'context',
    'contextSlot',
    'lastExtendedSlot',
    'lastValidBlockHeight',
    'previousBlockhash',
    'recentBlockhash',
    'slot',
    'slotIndex',
    'parentSlot',
    'transactionCount',
    // A real validator counts its votes, too.
    'transactionIndex',
    'solana-core',
    'feature-set',
    'addressTableLookups',
]);
const SIGNATURE = /^[1-9A-HJ-NP-Za-km-z]{86,88}$/;

/** Keeps names, types and fixed values; volatile values become the name of their type. */
export function normalize(value: unknown, key = ''): unknown {
    if (VOLATILE_KEYS.has(key)) return value === null ? null : `<${typeof value}>`;
    if (typeof value === 'string') return SIGNATURE.test(value) ? '<signature>' : value;
    if (Array.isArray(value)) return value.map((entry) => normalize(entry));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, entry]) => [name, normalize(entry, name)]));
}

/** The same key pair on every cluster, so that addresses agree. */
export function keypair(name: string): Keypair {
    return Keypair.fromSeed(createHash('sha256').update(`differences:${name}`).digest());
}

export class Probe {
    readonly answers: Answers = new Map();
    readonly connection: Connection;
    readonly payer = keypair('payer');

    constructor(readonly url: string) {
        this.connection = new Connection(url, 'confirmed');
    }

    async ask(name: string, method: string, params: unknown[] = []): Promise<RpcReply> {
        const reply = await rpc(this.url, method, params);
        this.answers.set(
            name,
            normalize(reply.error === undefined ? { result: reply.result } : { error: reply.error }),
        );
        return reply;
    }

    async wire(instructions: TransactionInstruction[], signers: Keypair[] = [this.payer]): Promise<string> {
        const { blockhash } = await this.connection.getLatestBlockhash();
        const transaction = new Transaction({ feePayer: signers[0]?.publicKey ?? null, recentBlockhash: blockhash });
        transaction.add(...instructions).sign(...signers);
        return transaction.serialize().toString('base64');
    }

    /** Sends and waits until it is final, as the answers about it change until then. */
    async land(
        instructions: TransactionInstruction[],
        signers: Keypair[] = [this.payer],
        skipPreflight = false,
    ): Promise<string> {
        const encoded = await this.wire(instructions, signers);
        const { result, error } = await rpc(this.url, 'sendTransaction', [
            encoded,
            { encoding: 'base64', preflightCommitment: 'confirmed', skipPreflight },
        ]);
        if (error !== undefined) throw new Error(error.message);
        await this.finalized(result);
        return result;
    }

    finalized(signature: string): Promise<true> {
        return eventually(async () => {
            const [status] = (await this.connection.getSignatureStatuses([signature])).value;
            return status?.confirmationStatus === 'finalized' ? true : undefined;
        }, 60_000);
    }
}

export interface Difference {
    readonly question: string;
    readonly path: string;
    readonly embedded: string;
    readonly real: string;
}

const show = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value));

function compare(question: string, path: string, embedded: unknown, real: unknown): Difference[] {
    const bothObjects = typeof embedded === 'object' && typeof real === 'object' && embedded !== null && real !== null;
    if (!bothObjects || Array.isArray(embedded) !== Array.isArray(real)) {
        return show(embedded) === show(real) ? [] : [{ question, path, embedded: show(embedded), real: show(real) }];
    }
    const left = embedded as Record<string, unknown>;
    const right = real as Record<string, unknown>;
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => compare(question, path === '' ? key : `${path}.${key}`, left[key], right[key]));
}

export function findDifferences(embedded: Answers, real: Answers): Difference[] {
    return [...new Set([...embedded.keys(), ...real.keys()])].flatMap((question) =>
        compare(question, '', embedded.get(question), real.get(question)),
    );
}
