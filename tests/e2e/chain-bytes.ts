import { createHash } from 'node:crypto';
import { createSimulatedCluster } from '@ocm/cluster';
import { PROGRAM_IDS } from '@ocm/sdk';
import { Connection } from '@solana/web3.js';
import bs58 from 'bs58';

/** Where bytes stand on chain, as a failure names it. */
export type ChainBytes = { where: string; bytes: Buffer };

/** Every account of the programs, and every instruction of their transactions, with inner ones and logs: events are in either. */
export async function readChainBytes(stateDir: string): Promise<ChainBytes[]> {
    const cluster = createSimulatedCluster({ stateDir });
    try {
        const connection = new Connection('http://127.0.0.1', { commitment: 'confirmed', fetch: cluster.fetch });
        const parts = await Promise.all(
            Object.values(PROGRAM_IDS).map(async (program) => {
                const accounts = await connection.getProgramAccounts(program);
                const signatures = await connection.getSignaturesForAddress(program, { limit: 1_000 });
                const transactions = await Promise.all(signatures.map(({ signature }) => readOne(signature)));
                return [
                    ...accounts.map(({ pubkey, account }) => ({
                        where: `account ${pubkey.toBase58()}`,
                        bytes: account.data,
                    })),
                    ...transactions.flat(),
                ];
            }),
        );
        return parts.flat();

        async function readOne(signature: string): Promise<ChainBytes[]> {
            const found = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
            if (found === null) throw new Error(`transaction ${signature} is listed and cannot be read`);
            const { message } = found.transaction;
            const inner = (found.meta?.innerInstructions ?? []).flatMap(({ instructions }) => instructions);
            return [
                { where: `transaction ${signature}`, bytes: Buffer.from(message.serialize()) },
                ...inner.map(({ data }) => ({ where: `event of ${signature}`, bytes: Buffer.from(bs58.decode(data)) })),
                ...(found.meta?.logMessages ?? []).map((line) => readLog(signature, line)),
            ];
        }
    } finally {
        await cluster.close();
    }
}

/** A line of a log; events that are told there rather than by an instruction are in base64. */
function readLog(signature: string, line: string): ChainBytes {
    const [, event] = /^Program data: (.+)$/.exec(line) ?? [];
    if (event === undefined) return { where: `log of ${signature}`, bytes: Buffer.from(line) };
    return { where: `event of ${signature}`, bytes: Buffer.from(event, 'base64') };
}

/** Forms in which something said of a viewer could have been written down: itself, and what it hashes to. */
export function formsOf(value: string): Buffer[] {
    const plain = [Buffer.from(value)];
    // Hashed by its four bytes, an address is found by trying all of them as well as by its text.
    if (/^\d+(\.\d+){3}$/.test(value)) plain.push(Buffer.from(value.split('.').map(Number)));
    const digests = plain.flatMap((bytes) =>
        ['sha256', 'sha1', 'md5', 'sha512', 'ripemd160'].map((name) => createHash(name).update(bytes).digest()),
    );
    // Half of a digest is as telling as the whole.
    const cut = digests.map((digest) => digest.subarray(0, 16));
    const texts = [...plain, ...cut].flatMap((bytes) => [
        Buffer.from(bytes.toString('hex')),
        Buffer.from(bytes.toString('base64').replace(/=+$/, '')),
    ]);
    return [...plain, ...cut, ...texts];
}
