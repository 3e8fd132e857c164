import type { ChainGateway } from '@ocm/runtime';
import {
    type Contract,
    decodeEvents,
    fetchContract,
    getWithdrawPayoutInstructions,
    TREASURY_INDEX,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import type { Progress } from './progress.js';
import type { Wallets } from './wallets.js';

/** Payees of the run's contracts: their place among the splits, what the report calls them, and who they are. */
export function listPayees(wallets: Wallets): { role: string; index: number; wallet: Keypair }[] {
    return [
        { role: 'operator', index: 0, wallet: wallets.operator },
        { role: 'cast', index: 1, wallet: wallets['cast-operator'] },
        { role: 'beacons', index: 2, wallet: wallets['beacon-pool'] },
        { role: 'treasury', index: TREASURY_INDEX, wallet: wallets.treasury },
    ];
}

/** Each payee withdraws what it is owed; one that cannot holds up no other. */
export async function withdrawPayouts(
    { gateway, progress, wallets }: { gateway: ChainGateway; progress: Progress; wallets: Wallets },
    contract: WithAddress<Contract>,
): Promise<void> {
    const withdraw = async ({ role, index, wallet }: ReturnType<typeof listPayees>[number]) => {
        const owed = contract.owed[index] ?? 0n;
        if (owed === 0n) return;
        const { signature } = await gateway.sendInstructions({
            label: `withdraw ${role}`,
            payer: wallet,
            instructions: await getWithdrawPayoutInstructions({ payer: wallet.publicKey, contract, index }),
        });
        progress.step(`${role} withdraws ${owed} base units`, signature);
    };
    const outcomes = await Promise.allSettled(listPayees(wallets).map(withdraw));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
}

const SIGNATURES_PER_PAGE = 1_000;

/** What each payee has withdrawn from a contract so far, from the contract's own events on chain. */
export async function readPayouts(
    gateway: ChainGateway,
    wallets: Wallets,
    contract: PublicKey,
): Promise<Record<string, bigint>> {
    const byIndex = new Map<number, bigint>();
    let before: string | undefined;
    for (;;) {
        const page = await gateway.connection.getSignaturesForAddress(
            contract,
            { limit: SIGNATURES_PER_PAGE, ...(before ? { before } : {}) },
            'confirmed',
        );
        for (const { signature, err } of page) {
            if (err) continue;
            const transaction = await gateway.connection.getTransaction(signature, {
                commitment: 'confirmed',
                maxSupportedTransactionVersion: 0,
            });
            if (!transaction) throw new Error(`the cluster lists the transaction ${signature} and does not give it`);
            for (const event of decodeEvents(transaction)) {
                if (event.name !== 'PayoutWithdrawn' || !event.data.contract.equals(contract)) continue;
                byIndex.set(event.data.index, (byIndex.get(event.data.index) ?? 0n) + event.data.amount);
            }
        }
        before = page.at(-1)?.signature;
        if (page.length < SIGNATURES_PER_PAGE) break;
    }
    return Object.fromEntries(listPayees(wallets).map(({ role, index }) => [role, byIndex.get(index) ?? 0n]));
}

const POLL_MS = 150;

/**
 * Waits until everything that viewers acknowledged is settled.
 *
 * @throws Error telling how much was settled when the time is over.
 */
export async function waitUntilSettled(
    { gateway, progress, signal }: { gateway: ChainGateway; progress: Progress; signal: AbortSignal },
    input: { contract: PublicKey; acknowledgedBytes: bigint; timeoutMs: number },
): Promise<WithAddress<Contract>> {
    const deadline = Date.now() + input.timeoutMs;
    let settledBytes = 0n;
    while (Date.now() < deadline) {
        signal.throwIfAborted();
        // The cluster may be starting again at this very moment: the deadline decides, not one failed read.
        const contract = await fetchContract(gateway.connection, input.contract).catch(() => null);
        settledBytes = contract?.cumBytes[0] ?? settledBytes;
        if (contract && settledBytes >= input.acknowledgedBytes && contract.openCommitments === 0) return contract;
        progress.live(`${settledBytes} of ${input.acknowledgedBytes} acknowledged bytes are settled`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(
        `after ${input.timeoutMs / 1000} s only ${settledBytes} of ${input.acknowledgedBytes} acknowledged bytes are settled; see the logs of committer and provider`,
    );
}
