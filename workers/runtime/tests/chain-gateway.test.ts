import {
    ComputeBudgetProgram,
    Keypair,
    PublicKey,
    SystemProgram,
    TransactionInstruction,
    VersionedTransaction,
} from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createChainGateway, decodeClusterTag } from '../src/chain-gateway.js';
import type { SignedTransaction } from '../src/chain-transaction.js';
import { createLogger } from '../src/logger.js';
import { MAX_MICRO_LAMPORTS_PER_COMPUTE_UNIT, percentile } from '../src/priority-fee.js';
import { redactUrl } from '../src/rpc-connection.js';
import { type RpcAnswer, startRpcScript } from './support/rpc-script.js';

const log = createLogger({ name: 'test', level: 'silent' });
const payer = Keypair.generate();
const instructions = [
    SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: Keypair.generate().publicKey, lamports: 1 }),
];
const context = { slot: 10 };
const confirmed = { slot: 10, confirmations: 1, err: null, confirmationStatus: 'confirmed' };
const blockhash = (byte: number) => new PublicKey(new Uint8Array(32).fill(byte)).toBase58();
const [FIRST, SECOND] = [blockhash(1), blockhash(2)];

let rpc: Awaited<ReturnType<typeof startRpcScript>> | undefined;
afterEach(() => rpc?.close());

async function open(changes: Record<string, RpcAnswer> = {}) {
    rpc = await startRpcScript({
        getLatestBlockhash: () => ({ context, value: { blockhash: FIRST, lastValidBlockHeight: 100 } }),
        simulateTransaction: () => ({ context, value: { err: null, logs: [], unitsConsumed: 1_000 } }),
        sendTransaction: () => 'signature',
        getSignatureStatuses: () => ({ context, value: [confirmed] }),
        getBlockHeight: () => 50,
        getRecentPrioritizationFees: () =>
            [0, 0, 30, 40].map((prioritizationFee, slot) => ({ slot, prioritizationFee })),
        ...changes,
    });
    return { rpc, gateway: createChainGateway({ rpcUrl: rpc.url, log }) };
}

function sentTransactions(calls: { method: string; params: unknown[] }[]): VersionedTransaction[] {
    return calls
        .filter(({ method }) => method === 'sendTransaction')
        .map(({ params }) => VersionedTransaction.deserialize(Buffer.from(String(params[0]), 'base64')));
}

/** Compute unit limit and price of a sent transaction. */
function budgetOf(transaction: VersionedTransaction | undefined): { units: number; price: number } {
    const [limit, price] = transaction?.message.compiledInstructions.slice(0, 2) ?? [];
    expect(transaction?.message.staticAccountKeys.some((key) => key.equals(ComputeBudgetProgram.programId))).toBe(true);
    return {
        units: Buffer.from(limit?.data ?? []).readUInt32LE(1),
        price: Number(Buffer.from(price?.data ?? []).readBigUInt64LE(1)),
    };
}

describe('sending', () => {
    it('takes a tenth more compute than simulated and the 75th percentile of recent fees', async () => {
        const { rpc, gateway } = await open();
        await gateway.sendInstructions({ instructions, payer, label: 'test' });
        expect(budgetOf(sentTransactions(rpc.calls)[0])).toEqual({ units: 1_100, price: 30 });
    });

    it("takes Helius's estimate where the RPC gives one, capped", async () => {
        const { rpc, gateway } = await open({ getPriorityFeeEstimate: () => ({ priorityFeeEstimate: 1e12 }) });
        await gateway.sendInstructions({ instructions, payer, label: 'test' });
        expect(budgetOf(sentTransactions(rpc.calls)[0]).price).toBe(MAX_MICRO_LAMPORTS_PER_COMPUTE_UNIT);
        expect(rpc.count('getRecentPrioritizationFees')).toBe(0);
    });

    it('sends the same bytes again while the outcome is open, and signs anew only after expiry is final', async () => {
        const heights = [50, 101];
        let current = FIRST;
        let lastSent = '';
        const { rpc, gateway } = await open({
            getLatestBlockhash: () => ({ context, value: { blockhash: current, lastValidBlockHeight: 100 } }),
            sendTransaction: ([raw]) => {
                lastSent = VersionedTransaction.deserialize(Buffer.from(String(raw), 'base64')).message.recentBlockhash;
                return 'signature';
            },
            getSignatureStatuses: () => ({ context, value: [lastSent === SECOND ? confirmed : null] }),
            getBlockHeight: ([options]) => {
                expect(options).toMatchObject({ commitment: 'finalized' });
                const height = heights.shift() ?? 102;
                if (height > 100) current = SECOND;
                return height;
            },
        });
        await gateway.sendInstructions({ instructions, payer, label: 'test' });
        const hashes = sentTransactions(rpc.calls).map(({ message }) => message.recentBlockhash);
        expect(new Set(hashes)).toEqual(new Set([FIRST, SECOND]));
        expect(hashes.lastIndexOf(FIRST)).toBeLessThan(hashes.indexOf(SECOND));
        expect(hashes.filter((hash) => hash === FIRST).length).toBeGreaterThan(1);
    });

    it('tells what it signed before anything is sent, and brings it to its end later', async () => {
        const { rpc, gateway } = await open();
        const told: SignedTransaction[] = [];
        const stop = new Error('killed before sending');
        const onSigned = async (signed: SignedTransaction) => {
            told.push(signed);
            throw stop;
        };
        await expect(gateway.sendInstructions({ instructions, payer, label: 'test', onSigned })).rejects.toBe(stop);
        expect(rpc.count('sendTransaction')).toBe(0);
        const [signed] = told;
        if (signed === undefined) throw new Error('a signed transaction');
        expect(await gateway.resumeTransaction({ signed, label: 'test' })).toBe(true);
        expect(sentTransactions(rpc.calls).map((transaction) => transaction.serialize())).toEqual([signed.raw]);
        expect(rpc.count('getLatestBlockhash')).toBe(2);
    });

    it('gives a resumed transaction up only when it can land no more', async () => {
        const { gateway } = await open({
            getSignatureStatuses: () => ({ context, value: [null] }),
            getBlockHeight: () => 101,
        });
        const told: SignedTransaction[] = [];
        const stop = new Error('killed before sending');
        const onSigned = async (signed: SignedTransaction) => {
            told.push(signed);
            throw stop;
        };
        await expect(gateway.sendInstructions({ instructions, payer, label: 'test', onSigned })).rejects.toBe(stop);
        const [signed] = told;
        if (signed === undefined) throw new Error('a signed transaction');
        expect(await gateway.resumeTransaction({ signed, label: 'test' })).toBe(false);
    });

    it('leaves the priority fee out where the instructions fit only without it, and refuses what never fits', async () => {
        const { rpc, gateway } = await open();
        const programId = Keypair.generate().publicKey;
        const large = (bytes: number) => [
            new TransactionInstruction({ programId, keys: [], data: Buffer.alloc(bytes) }),
        ];
        // Signature, header, two addresses, blockhash, instruction, version: 1 232 bytes to the last.
        await gateway.sendInstructions({ instructions: large(1_060), payer, label: 'test' });
        const [sent] = sentTransactions(rpc.calls);
        expect(sent?.message.compiledInstructions).toHaveLength(1);
        expect(sent?.serialize().length).toBe(1_232);
        await expect(
            gateway.sendInstructions({ instructions: large(1_061), payer, label: 'test' }),
        ).rejects.toMatchObject({ code: 'MKT_RUNTIME__TRANSACTION_TOO_LARGE' });
    });

    it('sends nothing that the simulation refuses, and names an unfunded wallet', async () => {
        const { rpc, gateway } = await open({
            simulateTransaction: () => ({ context, value: { err: 'AccountNotFound', logs: [], unitsConsumed: 0 } }),
        });
        await expect(gateway.sendInstructions({ instructions, payer, label: 'commit_delivery' })).rejects.toMatchObject(
            {
                code: 'MKT_RUNTIME__WALLET_UNFUNDED',
                message: expect.stringContaining(payer.publicKey.toBase58()),
            },
        );
        expect(rpc.count('sendTransaction')).toBe(0);
    });

    it('names the program error of a transaction that failed on chain', async () => {
        const { gateway } = await open({
            getSignatureStatuses: () => ({
                context,
                value: [{ ...confirmed, err: { InstructionError: [2, { Custom: 17 }] } }],
            }),
            getTransaction: () => null,
        });
        await expect(gateway.sendInstructions({ instructions, payer, label: 'settle_delivery' })).rejects.toMatchObject(
            {
                code: 'MKT_RUNTIME__TRANSACTION_REFUSED',
                context: { label: 'settle_delivery' },
            },
        );
    });

    it('ends at once when told to', async () => {
        const { gateway } = await open({ getSignatureStatuses: () => ({ context, value: [null] }) });
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error('stop')), 150);
        const sending = gateway.sendInstructions({ instructions, payer, label: 'test', signal: controller.signal });
        await expect(sending).rejects.toThrow('stop');
    });

    it('says which RPC is not there, without the key in its URL', async () => {
        const gateway = createChainGateway({ rpcUrl: 'http://127.0.0.1:9/?api-key=secret', log });
        const failing = gateway.clusterTimeSecs();
        await expect(failing).rejects.toMatchObject({
            code: 'MKT_RUNTIME__RPC_UNREACHABLE',
            message: expect.stringContaining('http://127.0.0.1:9/'),
        });
        await expect(failing).rejects.not.toThrow('secret');
        expect(redactUrl('https://user:password@host/path?api-key=secret')).toBe('https://host/path');
        expect(() => createChainGateway({ rpcUrl: 'localhost:8899', log })).toThrow(
            expect.objectContaining({ code: 'MKT_RUNTIME__RPC_URL_INVALID' }),
        );
    });
});

describe('cluster facts', () => {
    it('are the first four bytes of the genesis hash and the Clock of the chain', async () => {
        const clock = Buffer.alloc(40);
        clock.writeBigInt64LE(1_700_000_123n, 32);
        const account = {
            data: [clock.toString('base64'), 'base64'],
            owner: FIRST,
            lamports: 1,
            executable: false,
        };
        const { rpc, gateway } = await open({
            getGenesisHash: () => 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
            getAccountInfo: () => ({ context, value: { ...account, rentEpoch: 0, space: 40 } }),
        });
        expect(await gateway.clusterTimeSecs()).toBe(1_700_000_123);
        expect(await gateway.clusterTag()).toBe(await gateway.clusterTag());
        expect(rpc.count('getGenesisHash')).toBe(1);
        expect(decodeClusterTag('11111111111111111111111111111112')).toBe(0);
    });

    it('takes the nearest rank of a percentile', () => {
        expect(percentile([], 0.75)).toBe(0);
        expect(percentile([5], 0.75)).toBe(5);
        expect(percentile([4, 1, 3, 2], 0.75)).toBe(3);
    });
});
