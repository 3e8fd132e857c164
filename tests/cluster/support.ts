import { type ClusterOptions, createSimulatedCluster, type SimulatedCluster } from '@ocm/cluster';
import { findFreePort } from '@ocm/runtime';
import { Connection, Keypair, type PublicKey } from '@solana/web3.js';

export const SOL = 1_000_000_000;

export interface ServedCluster {
    readonly cluster: SimulatedCluster;
    readonly rpcUrl: string;
    /** Where web3.js looks by itself: the RPC port + 1. */
    readonly wsUrl: string;
    readonly port: number;
    readonly connection: Connection;
    close(): Promise<void>;
}

/** A cluster on real sockets, RPC and WebSocket ports next to each other. */
export async function serveCluster(options: ClusterOptions = {}): Promise<ServedCluster> {
    const cluster = createSimulatedCluster(options);
    const port = await findFreePort(2);
    const { rpcUrl } = await cluster.listen({ host: '127.0.0.1', port });
    const connection = new Connection(rpcUrl, 'confirmed');
    return {
        cluster,
        rpcUrl,
        wsUrl: `ws://127.0.0.1:${port + 1}`,
        port,
        connection,
        close: () => cluster.close(),
    };
}

export async function fundedKeypair(cluster: SimulatedCluster, lamports = 100 * SOL): Promise<Keypair> {
    const keypair = Keypair.generate();
    await fund(cluster, keypair.publicKey, lamports);
    return keypair;
}

export async function fund(cluster: SimulatedCluster, address: PublicKey, lamports: number): Promise<void> {
    await cluster.airdrop(address.toBase58(), BigInt(lamports));
}

export interface RpcReply {
    readonly jsonrpc: '2.0';
    readonly id: unknown;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    readonly result?: any;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> };
}

/** One JSON-RPC call over HTTP. */
export async function rpc(url: string, method: string, params: unknown[] = []): Promise<RpcReply> {
    return (await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).body as RpcReply;
}

/** Sends text as it is. */
export async function post(url: string, body: string): Promise<{ status: number; headers: Headers; body: unknown }> {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const text = await response.text();
    let parsed: unknown = text;
    try {
        parsed = JSON.parse(text);
    } catch {
        // Some refusals are plain text; the test sees them as such.
    }
    return { status: response.status, headers: response.headers, body: parsed };
}

/** Waits until `check` gives something, polling; throws after `timeoutMs`. */
export async function eventually<Value>(
    check: () => Promise<Value | undefined> | Value | undefined,
    timeoutMs = 30_000,
): Promise<Value> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
        const value = await check();
        if (value !== undefined) return value;
        if (Date.now() > deadline) throw new Error('waited too long');
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
