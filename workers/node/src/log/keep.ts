import { every } from '@ocm/runtime';
import type { NodeConfig } from '../config.js';
import type { Clock, NodeLog, ProtocolClock } from '../ports.js';
import { readEncryptionKeys } from './encryption-keys.js';
import { EpochStore } from './epoch-store.js';
import { logRules } from './rules.js';

const SEAL_INTERVAL_MS = 200;

/** The epochs of a node as its config wants them. @throws MKT_NODE__LOG_KEY_UNREADABLE, MKT_RUNTIME__JOURNAL_*, MKT_NODE__JOURNAL_UNREADABLE */
export async function openStore(
    { dataDir, node, log: config }: NodeConfig,
    { clock, log, creditBytes }: { clock: ProtocolClock; log: NodeLog; creditBytes: bigint },
): Promise<EpochStore> {
    const keys = await readEncryptionKeys(config.encryptionKeys);
    return EpochStore.open({
        dataDir,
        node,
        now: () => clock.nowMs(),
        log,
        creditBytes,
        keys,
        rules: logRules.parse(config),
        retention: config,
    });
}

/** Erases raw logs as their retention ends by this machine's clock, at the start and then as planned; returns what stops it. */
export function startErasing({ sealed }: EpochStore, cron: string, now: Clock, log: NodeLog): () => Promise<void> {
    const stop = new AbortController();
    const run = (): Promise<void> => sealed.eraseDue(now());
    const loop = every({ name: 'erase raw logs', cron, run, log, signal: stop.signal });
    const first = run().catch((error: unknown) => log.error({ err: error }, 'raw logs not erased, trying again'));
    return async () => {
        stop.abort();
        await Promise.all([loop, first]);
    };
}

/** Seals epochs as their time ends on the cluster; returns what stops it. */
export function startSealing(store: EpochStore, clock: ProtocolClock, log: NodeLog): () => Promise<void> {
    let running: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
        running = running
            .then(() => store.sealDue(clock.nowMs()))
            .catch((error: unknown) => log.error({ err: error }, 'epoch not sealed, trying again'));
    }, SEAL_INTERVAL_MS);
    return () => {
        clearInterval(timer);
        return running;
    };
}
