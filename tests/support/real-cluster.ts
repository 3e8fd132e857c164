import type { SimulatedCluster } from '@ocm/cluster';
import { type Connection, PublicKey, SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js';
import { TestRunner } from 'vitest';

/** What tests ask of a cluster beyond RPC. */
export type ClusterControl = Pick<
    SimulatedCluster,
    'airdrop' | 'advanceSlots' | 'clock' | 'timeTravel' | 'handle' | 'snapshot' | 'close'
>;

/** Address of a real validator that the on-chain tests run against; the embedded cluster is used without it. */
export const REAL_RPC_URL = process.env.OCM_TEST_RPC_URL;

const CONFIRM_TIMEOUT_MS = 30_000;
const POLL_MS = 20;
/** `Clock`: slot, start of epoch, epoch, leader schedule epoch, unix timestamp; each 8 bytes. */
const CLOCK_TIMESTAMP_OFFSET = 32;

/** A real cluster's time goes its own way, and no account is written but by programs: such tests are left out there. */
function skip(reason: string): never {
    TestRunner.getCurrentTest()?.context.skip(reason);
    throw new Error(reason);
}

/** Asks until there is an answer. */
async function poll<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
    const deadline = Date.now() + CONFIRM_TIMEOUT_MS;
    while (Date.now() < deadline) {
        const answer = await ask();
        if (answer !== null) return answer;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`${what} within ${CONFIRM_TIMEOUT_MS / 1_000} s`);
}

/** Waits until a transaction is confirmed, whatever its outcome. */
export async function waitUntilConfirmed(connection: Connection, signature: string): Promise<void> {
    await poll(`transaction ${signature} was not confirmed`, async () => {
        const { value } = await connection.getSignatureStatuses([signature]);
        const status = value[0]?.confirmationStatus;
        return status === undefined || status === 'processed' ? null : status;
    });
}

/** The confirmed transaction: a validator writes its record down some time after it has confirmed it. */
export async function waitForTransaction(connection: Connection, signature: string) {
    await waitUntilConfirmed(connection, signature);
    const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const;
    return poll(`transaction ${signature} was not found`, () => connection.getTransaction(signature, options));
}

/** The part of the embedded cluster's controls that a real one can have; the rest skips the test that asks for it. */
export async function controlRealCluster(connection: Connection): Promise<ClusterControl> {
    const readClock = async () => {
        const account = await connection.getAccountInfo(SYSVAR_CLOCK_PUBKEY);
        if (!account) throw new Error('the cluster has no clock');
        return {
            slot: Number(account.data.readBigUInt64LE(0)),
            unixTimestamp: Number(account.data.readBigInt64LE(CLOCK_TIMESTAMP_OFFSET)),
        };
    };
    const clock = await readClock();
    return {
        async airdrop(recipient, lamports) {
            const signature = await connection.requestAirdrop(new PublicKey(recipient), Number(lamports));
            await waitUntilConfirmed(connection, signature);
            return signature;
        },
        advanceSlots: () => clock.slot,
        // It stands still for the length of a test, as the embedded cluster's does: what a test states twice is the same.
        clock: () => clock,
        timeTravel: () => skip('needs time travel, which only the embedded cluster has'),
        handle: () => skip('writes accounts, which only the embedded cluster lets'),
        snapshot: () => skip('takes a snapshot, which only the embedded cluster has'),
        close: async () => undefined,
    };
}
