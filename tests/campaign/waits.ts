import { setTimeout as sleep } from 'node:timers/promises';
import { fetchDeliveryCommitment, findDeliveryCommitmentAddress, listDeliveryCommitments, toHex } from '@ocm/sdk';
import { readContract, travel } from '../support/index.js';
import type { SessionTally } from './session-tally.js';
import type { World } from './world.js';

const POLL_MS = 200;
/** What is left after the last epoch is done within it, however slow the machine. */
const PATIENCE_MS = 1_200_000;
const OPEN = ['committed', 'seeded'];

/** Waits until the last epoch of the last contract is over, or until it is enough. */
export async function untilDelivered({ chain }: World, isEnough: () => boolean): Promise<void> {
    const last = chain.contracts.at(-1);
    if (last === undefined) throw new Error('a round has a contract');
    const overAtMs = (Number(last.genesisAt) + last.epochCount * last.epochLengthSecs) * 1_000;
    while (chain.nowMs() < overAtMs && !isEnough()) await sleep(POLL_MS);
}

/** Waits until every epoch in which a node has acknowledged a receipt is on chain, in the midst of the harm. */
export async function untilCommitted({ chain }: World, tallies: readonly SessionTally[]): Promise<void> {
    const { connection } = chain.market;
    const addresses = chain.contracts.flatMap((contract) =>
        [...servedEpochs(contract.address.toBytes(), tallies)].map((epoch) =>
            findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 }),
        ),
    );
    await until('every served epoch is committed', async () => {
        const found = await Promise.all(addresses.map((address) => fetchDeliveryCommitment(connection, address)));
        return found.every((commitment) => commitment !== null);
    });
}

/** Waits until nothing is open and the operator is paid. Time is moved only once all that needs time is proven. */
export async function untilSettled(world: World, tallies: readonly SessionTally[]): Promise<void> {
    const { market, contracts } = world.chain;
    await untilCommitted(world, tallies);
    const list = async () =>
        Promise.all(
            contracts.map(({ address }) => listDeliveryCommitments(market.connection, { contract: address })),
        ).then((lists) => lists.flat());
    await until('every commitment is co-signed or proven', async () =>
        (await list()).every(({ state }) => !OPEN.includes(state)),
    );
    if ((await list()).some(({ state }) => state === 'proven'))
        travel(market, (contracts[0]?.challengeWindowSecs ?? 0) + 1);
    await until('everything is settled and paid out', async () => {
        const now = await Promise.all(contracts.map((contract) => readContract(market, contract)));
        return now.every(({ openCommitments, owed }) => openCommitments === 0 && owed[0] === 0n);
    });
}

/** Epochs of a contract in which a node has acknowledged a viewer's receipt. */
export function servedEpochs(contract: Uint8Array, tallies: readonly SessionTally[]): Set<number> {
    const name = toHex(contract);
    const served = tallies.filter((tally) => tally.contract === name && tally.heldSeq > 0);
    return new Set(served.map(({ epoch }) => epoch));
}

export async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isDone())) {
        if (performance.now() > deadline) throw new Error(`in ${PATIENCE_MS / 1_000} s not: ${what}`);
        await sleep(POLL_MS);
    }
}
