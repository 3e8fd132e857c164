import { type Connection, PublicKey, SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js';
import { type ResumeInput, resumeTransaction, type SendInput, sendAndConfirm } from './chain-send.js';
import { failure } from './errors.js';
import type { Logger } from './logger.js';
import { createPriorityFeeEstimator } from './priority-fee.js';
import { openConnection, redactUrl } from './rpc-connection.js';

export type { ResumeInput, SendInput } from './chain-send.js';
export type { SignedTransaction } from './chain-transaction.js';

export type ChainGateway = {
    readonly connection: Connection;
    /** First 4 bytes of the genesis hash as u32, little-endian (protocol 6.1): no signature is valid on two clusters. */
    clusterTag(): Promise<number>;
    /** Unix seconds of the cluster's Clock: what programs compare windows with, not this machine's time. */
    clusterTimeSecs(): Promise<number>;
    /**
     * @throws MKT_RUNTIME__RPC_UNREACHABLE, MKT_RUNTIME__WALLET_UNFUNDED, MKT_RUNTIME__TRANSACTION_REFUSED,
     * MKT_RUNTIME__TRANSACTION_EXPIRED, MKT_RUNTIME__TRANSACTION_TOO_LARGE
     */
    sendInstructions(input: SendInput): Promise<{ signature: string }>;
    /**
     * Sends a transaction that `onSigned` was told of again until it has landed (true) or can land no more (false).
     * @throws as `sendInstructions`, when it landed and was refused or the cluster is away
     */
    resumeTransaction(input: ResumeInput): Promise<boolean>;
    close(): void;
};
export type ChainGatewayOptions = { rpcUrl: string; wsUrl?: string; log: Logger; heliusApiKey?: string };

/** `unix_timestamp` in the Clock sysvar: slot u64, epoch_start_timestamp i64, epoch u64, leader_schedule_epoch u64 precede it. */
const CLOCK_UNIX_TIMESTAMP_OFFSET = 32;
const CLOCK_BYTES = 40;

export function createChainGateway({ rpcUrl, wsUrl, log, heliusApiKey }: ChainGatewayOptions): ChainGateway {
    const connection = openConnection({ rpcUrl, ...(wsUrl === undefined ? {} : { wsUrl }) });
    const estimatePriorityFee = createPriorityFeeEstimator({
        connection,
        rpcUrl,
        log,
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    const closing = new AbortController();
    const untilClosed = (signal?: AbortSignal) => (signal ? AbortSignal.any([signal, closing.signal]) : closing.signal);
    const deps = { connection, estimatePriorityFee, log };
    let tag: number | undefined;
    return {
        connection,
        async clusterTag() {
            tag ??= await readClusterTag(connection);
            return tag;
        },
        clusterTimeSecs: () => readClusterTime(connection, rpcUrl),
        sendInstructions: (input) => sendAndConfirm(deps, { ...input, signal: untilClosed(input.signal) }),
        resumeTransaction: (input) => resumeTransaction(deps, { ...input, signal: untilClosed(input.signal) }),
        close: () => closing.abort(),
    };
}

async function readClusterTag(connection: Connection): Promise<number> {
    return decodeClusterTag(await connection.getGenesisHash());
}

/** @param genesisHash base58, as `getGenesisHash` answers. */
export function decodeClusterTag(genesisHash: string): number {
    const bytes = new PublicKey(genesisHash).toBytes();
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

async function readClusterTime(connection: Connection, rpcUrl: string): Promise<number> {
    const account = await connection.getAccountInfo(SYSVAR_CLOCK_PUBKEY, 'confirmed');
    if (account === null || account.data.length < CLOCK_BYTES)
        throw failure(
            'MKT_RUNTIME__CLUSTER_UNKNOWN',
            `${redactUrl(rpcUrl)} has no Clock sysvar, so it is no Solana cluster; correct rpcUrl`,
            { rpcUrl: redactUrl(rpcUrl) },
        );
    return Number(account.data.readBigInt64LE(CLOCK_UNIX_TIMESTAMP_OFFSET));
}
