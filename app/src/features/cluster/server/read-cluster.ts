import { type Connection, PublicKey } from '@solana/web3.js';
import { z } from 'zod';
import type { ClusterView } from '../../live/snapshot';

const CLOCK_SYSVAR = new PublicKey('SysvarC1ock11111111111111111111111111111111');
/** `Clock` = slot u64, epoch_start_timestamp i64, epoch u64, leader_schedule_epoch u64, unix_timestamp i64. */
const CLOCK_BYTES = 40;
const UNIX_TIMESTAMP_OFFSET = 32;

const NAMES_BY_GENESIS: Readonly<Record<string, string>> = {
    '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d': 'Mainnet Beta',
    EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: 'Devnet',
    '4uhcVJyU9pJkvQyS88uRDiswHScCKQY3XCmwwCRXHEjV': 'Testnet',
};

const versionAnswer = z.looseObject({ 'solana-core': z.string().max(128) });

export const UNREACHABLE_CLUSTER: ClusterView = {
    name: null,
    simulated: false,
    version: null,
    genesisHash: null,
    slot: null,
    timeSecs: null,
    reachable: false,
};

/** An embedded cluster names itself: a field or a version text that says "simulated". */
export function isSimulated(version: unknown): boolean {
    return /simulated/i.test(JSON.stringify(version) ?? '');
}

/** @returns Unix seconds of the chain's clock. */
export function parseClock(data: Uint8Array): number | null {
    if (data.length < CLOCK_BYTES) return null;
    return Number(new DataView(data.buffer, data.byteOffset).getBigInt64(UNIX_TIMESTAMP_OFFSET, true));
}

export async function readCluster(connection: Connection, local: boolean): Promise<ClusterView> {
    const [version, genesisHash, clock] = await Promise.all([
        connection.getVersion(),
        connection.getGenesisHash(),
        connection.getAccountInfoAndContext(CLOCK_SYSVAR),
    ]);
    const core = versionAnswer.safeParse(version);
    return {
        name: NAMES_BY_GENESIS[genesisHash] ?? (local ? 'Local cluster' : 'Custom cluster'),
        simulated: isSimulated(version),
        version: core.success ? core.data['solana-core'] : null,
        genesisHash,
        slot: clock.context.slot,
        timeSecs: clock.value ? parseClock(clock.value.data) : null,
        reachable: true,
    };
}
