import { connect } from 'node:net';
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedKeypair, post, type RpcReply, rpc, type ServedCluster, SOL, serveCluster } from './support.js';

let served: ServedCluster;
let payer: Keypair;

beforeAll(async () => {
    served = await serveCluster();
    payer = await fundedKeypair(served.cluster);
});
afterAll(() => served.close());

async function signedTransfer(lamports: number, from = payer): Promise<Transaction> {
    const { blockhash } = await served.connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: from.publicKey, recentBlockhash: blockhash });
    transaction.add(
        SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: Keypair.generate().publicKey, lamports }),
    );
    transaction.sign(from);
    return transaction;
}

const send = (wire: Uint8Array, options: object = {}): Promise<RpcReply> =>
    rpc(served.rpcUrl, 'sendTransaction', [Buffer.from(wire).toString('base64'), { encoding: 'base64', ...options }]);

describe('refusals of sendTransaction', () => {
    it('answers a failed preflight with -32002, the logs and the units', async () => {
        const { error } = await send((await signedTransfer(1_000 * SOL)).serialize());
        expect(error?.code).toBe(-32002);
        expect(error?.message).toBe(
            'Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1',
        );
        expect(error?.data).toMatchObject({
            err: { InstructionError: [0, { Custom: 1 }] },
            accounts: null,
            unitsConsumed: 150,
            innerInstructions: null,
            returnData: null,
        });
        expect(error?.data?.logs).toHaveLength(3);
    });

    it('names an unknown blockhash', async () => {
        const transaction = await signedTransfer(SOL);
        transaction.recentBlockhash = Keypair.generate().publicKey.toBase58();
        transaction.sign(payer);
        const { error } = await send(transaction.serialize());
        expect(error?.message).toBe('Transaction simulation failed: Blockhash not found');
        expect(error?.data?.err).toBe('BlockhashNotFound');
    });

    it('names a transaction that was processed already', async () => {
        const wire = (await signedTransfer(SOL)).serialize();
        expect((await send(wire)).error).toBeUndefined();
        const { error } = await send(wire);
        expect(error?.message).toBe('Transaction simulation failed: This transaction has already been processed');
        expect(error?.data?.err).toBe('AlreadyProcessed');
    });

    it('names a payer that does not exist', async () => {
        const { error } = await send((await signedTransfer(SOL, Keypair.generate())).serialize());
        expect(error?.message).toContain('Attempt to debit an account but found no record of a prior credit.');
        expect(error?.data?.err).toBe('AccountNotFound');
    });

    it('refuses a wrong signature', async () => {
        const wire = (await signedTransfer(SOL)).serialize();
        wire[10] = (wire[10] ?? 0) ^ 1;
        expect((await send(wire)).error).toMatchObject({
            code: -32002,
            message: 'Transaction simulation failed: Transaction did not pass signature verification',
            data: { err: 'SignatureFailure' },
        });
    });

    it('never lands a wrongly signed transaction, with or without preflight', async () => {
        const transaction = await signedTransfer(SOL);
        const to = transaction.instructions[0]?.keys[1]?.pubkey ?? payer.publicKey;
        const wire = transaction.serialize();
        wire[10] = (wire[10] ?? 0) ^ 1;
        await send(wire, { skipPreflight: true });
        expect(await served.connection.getBalance(to)).toBe(0);
    });

    it('charges the fee of a transaction that fails after skipping preflight', async () => {
        const before = await served.connection.getBalance(payer.publicKey);
        const { result } = await send((await signedTransfer(1_000 * SOL)).serialize(), { skipPreflight: true });
        const [status] = (await served.connection.getSignatureStatuses([result])).value;
        expect(status?.err).toEqual({ InstructionError: [0, { Custom: 1 }] });
        expect(before - (await served.connection.getBalance(payer.publicKey))).toBe(5_000);
    });

    it('names the account that would be left below the rent minimum', async () => {
        const { error } = await send((await signedTransfer(1)).serialize());
        expect(error?.data?.err).toEqual({ InsufficientFundsForRent: { account_index: 1 } });
        expect(error?.message).toContain('account (1) with insufficient funds for rent');
    });

    it.each([
        ['no base64', '%%%', 'base64'],
        ['no transaction', Buffer.from('nonsense').toString('base64'), 'invalid transaction'],
        ['bytes left over', '', 'follow the transaction'],
        ['more than a packet', Buffer.alloc(1_300).toString('base64'), 'too large'],
    ])('refuses %s with -32602', async (name, text, message) => {
        const wire =
            name === 'bytes left over'
                ? Buffer.concat([(await signedTransfer(SOL)).serialize(), Buffer.from([0])])
                : undefined;
        const encoded = wire?.toString('base64') ?? text;
        const { error } = await rpc(served.rpcUrl, 'sendTransaction', [encoded, { encoding: 'base64' }]);
        expect(error?.code).toBe(-32602);
        expect(error?.message).toContain(message);
    });
});

describe('refusals of other methods', () => {
    const key = Keypair.generate().publicKey.toBase58();
    it.each<[string, unknown[], string]>([
        ['getBalance', [], 'params[0]'],
        ['getBalance', [42], 'params[0]'],
        ['getBalance', ['tooshort'], 'public key'],
        ['getBalance', ['1'.repeat(100_000)], 'public key'],
        ['getBalance', [key, { commitment: 'soon' }], 'params[1].commitment'],
        ['getBalance', [key, null, null], 'at most 2 params'],
        ['getAccountInfo', [key, { encoding: 'morse' }], 'encoding'],
        ['getAccountInfo', [key, { dataSlice: { offset: -1, length: 3 } }], 'offset'],
        ['getMultipleAccounts', [Array(101).fill(key)], 'at most 100'],
        ['getSignatureStatuses', [Array(257).fill('1'.repeat(64))], 'at most 256'],
        ['getSignaturesForAddress', [key, { limit: 0 }], 'limit'],
        ['getSignaturesForAddress', [key, { limit: 1_001 }], 'limit'],
        ['getProgramAccounts', [key, { filters: Array(5).fill({ dataSize: 1 }) }], 'at most 4 filters'],
        ['getProgramAccounts', [key, { filters: [{ memcmp: { offset: 0, bytes: '0OIl' } }] }], 'base58'],
        ['getMinimumBalanceForRentExemption', [1e9], 'at most'],
        ['getMinimumBalanceForRentExemption', [1.5], 'params[0]'],
        ['requestAirdrop', [key, 1e16], 'params[1]'],
        ['requestAirdrop', [key, 2_000_000 * SOL], 'at most'],
        ['getTokenAccountsByOwner', [key, { programId: key }], 'unrecognized Token program'],
        ['getTokenSupply', [key], 'could not find account'],
        ['getBlocks', [0, 1e9], 'too large'],
    ])('%s refuses %j naming what is wrong', async (method, params, text) => {
        const { error } = await rpc(served.rpcUrl, method, params);
        expect(error?.code).toBe(-32602);
        expect(error?.message).toContain(text);
    });

    it('refuses a context slot that has not come with -32016', async () => {
        const { error } = await rpc(served.rpcUrl, 'getBalance', [key, { minContextSlot: 1e9 }]);
        expect(error?.code).toBe(-32016);
        expect(error?.data?.contextSlot).toBeGreaterThan(0);
    });

    it.each(['constructor', '__proto__', 'toString', 'getAssetsByOwner', ''])('knows no method %j', async (method) => {
        expect((await rpc(served.rpcUrl, method)).error?.code).toBe(-32601);
    });
});

describe('hostile HTTP', () => {
    it.each<[string, string, number]>([
        ['half an object', '{"jsonrpc":', -32700],
        ['a bare number', '7', -32600],
        ['null', 'null', -32600],
        ['an empty batch', '[]', -32600],
        ['a request without version', '{"id":1,"method":"getSlot"}', -32600],
        ['a method that is no text', '{"jsonrpc":"2.0","id":1,"method":{}}', -32600],
        ['params that are no list', '{"jsonrpc":"2.0","id":1,"method":"getSlot","params":{"a":1}}', -32602],
        ['deep nesting', '['.repeat(50_000), -32700],
        [
            'deep nesting in params',
            `{"jsonrpc":"2.0","id":1,"method":"getBalance","params":[${'['.repeat(5_000)}${']'.repeat(5_000)}]}`,
            -32602,
        ],
    ])('answers %s with an error and lives on', async (_name, body, code) => {
        const reply = (await post(served.rpcUrl, body)).body as RpcReply;
        expect(reply.error?.code).toBe(code);
        expect((await rpc(served.rpcUrl, 'getHealth')).result).toBe('ok');
    });

    it('answers a batch in order and leaves notifications out', async () => {
        const batch = [
            { jsonrpc: '2.0', id: 'a', method: 'getHealth' },
            { jsonrpc: '2.0', method: 'getHealth' },
            { jsonrpc: '2.0', id: 3, method: 'nope' },
            5,
        ];
        const { body } = await post(served.rpcUrl, JSON.stringify(batch));
        expect(body).toMatchObject([
            { id: 'a', result: 'ok' },
            { id: 3, error: { code: -32601 } },
            { id: null, error: { code: -32600 } },
        ]);
    });

    it('refuses a batch longer than a thousand', async () => {
        const batch = Array.from({ length: 1_001 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'getHealth' }));
        const { body } = await post(served.rpcUrl, JSON.stringify(batch));
        expect((body as RpcReply).error?.message).toContain('at most 1000 requests');
    });

    it('cuts off a body larger than 4 MiB', async () => {
        const { status } = await post(served.rpcUrl, `"${'x'.repeat(5 * 1024 * 1024)}"`).catch(() => ({ status: 413 }));
        expect(status).toBe(413);
        expect((await rpc(served.rpcUrl, 'getHealth')).result).toBe('ok');
    });

    it('wants JSON by POST and says so', async () => {
        expect((await fetch(served.rpcUrl, { method: 'POST', body: '{}' })).status).toBe(415);
        expect((await fetch(served.rpcUrl, { method: 'DELETE' })).status).toBe(405);
        expect(await (await fetch(`${served.rpcUrl}/health`)).text()).toBe('ok\n');
    });

    it('says on every answer that it is simulated, and lets browsers read it', async () => {
        const { headers } = await post(served.rpcUrl, '{"jsonrpc":"2.0","id":1,"method":"getVersion"}');
        expect(headers.get('x-simulated-cluster')).toBe('litesvm');
        expect(headers.get('access-control-allow-origin')).toBe('*');
        const preflight = await fetch(served.rpcUrl, {
            method: 'OPTIONS',
            headers: {
                origin: 'https://explorer.example',
                'access-control-request-headers': 'content-type,solana-client',
            },
        });
        expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type,solana-client');
    });

    it('lets a page of another site read but not cheat', async () => {
        const ask = async (origin: string, method: string) => {
            const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] });
            const headers = { 'content-type': 'application/json', origin };
            return (await (await fetch(served.rpcUrl, { method: 'POST', headers, body })).json()) as RpcReply;
        };
        expect((await ask('https://evil.example', 'getHealth')).result).toBe('ok');
        expect((await ask('https://evil.example', 'surfnet_resumeClock')).error?.code).toBe(-32601);
        expect((await ask('http://127.0.0.1.evil.example', 'surfnet_resumeClock')).error?.code).toBe(-32601);
        expect((await ask('http://localhost:3000', 'surfnet_resumeClock')).error).toBeUndefined();
    });

    it('survives clients that hang up in the middle', async () => {
        for (let index = 0; index < 20; index++) {
            const socket = connect(served.port, '127.0.0.1');
            socket.on('error', () => {});
            socket.write(
                'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"json',
            );
            await new Promise((resolve) => setTimeout(resolve, 2));
            socket.destroy();
        }
        expect((await rpc(served.rpcUrl, 'getHealth')).result).toBe('ok');
    });
});
