import { type Contract, toHex, type WithAddress } from '@ocm/sdk';
import type { FaultKind, VictimKind } from './history.js';
import { judgeDelivery } from './judge-delivery.js';
import { judgeIndex } from './judge-index.js';
import { judgeFiles, stopAll } from './judge-leftovers.js';
import { judgeMoney } from './judge-money.js';
import { readHistory } from './read-history.js';
import type { SessionTally } from './session-tally.js';
import type { World } from './world.js';

export type RoundReport = {
    kills: ReadonlyMap<VictimKind, number>;
    faults: ReadonlyMap<FaultKind, number>;
    moments: ReadonlyMap<string, number>;
    /** Epochs that were settled, and those of them that were proved instead of co-signed. */
    epochs: number;
    proved: number;
    sessions: number;
    receipts: number;
    /** Sessions whose last receipt reached no node that lived to acknowledge it, and was rightly not paid. */
    residual: number;
    paid: bigint;
    due: bigint;
    selfEnds: readonly string[];
    violations: readonly string[];
    told: string;
};

/** What holds at the end of a round: from chain, files, index and the viewers' own sums, never from the workers' words. */
export async function judgeRound(world: World, tallies: readonly SessionTally[]): Promise<RoundReport> {
    const { history, chain } = world;
    await stopAll(world);
    chain.stopClock();
    const sums = { epochs: 0, proved: 0, residual: 0, paid: 0n, due: 0n };
    for (const contract of chain.contracts) {
        const own = tallies.filter((tally) => tally.contract === toHex(contract.address.toBytes()));
        const past = await readHistory(chain.market, contract as WithAddress<Contract>);
        const delivery = await judgeDelivery({ world, contract, tallies: own, past });
        const money = await judgeMoney({ world, contract, past, epochBytes: delivery.epochBytes });
        sums.epochs += delivery.epochBytes.size;
        sums.proved += delivery.proved;
        sums.residual += delivery.residual;
        sums.paid += money.paid;
        sums.due += money.due;
    }
    await judgeIndex(world);
    await judgeFiles(world);
    return {
        ...sums,
        kills: history.kills,
        faults: history.faults,
        moments: history.moments,
        selfEnds: history.selfEnds,
        violations: history.violations,
        sessions: tallies.length,
        receipts: tallies.reduce((sum, { signed }) => sum + signed.length, 0),
        told: history.describe(),
    };
}
