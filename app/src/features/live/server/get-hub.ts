import { readRuntimeConfig } from '../../../lib/config';
import { SnapshotHub } from './hub';
import { createSnapshotReader } from './read-snapshot';

const KEY = Symbol.for('ocm.app.snapshotHub');
type Holder = { [KEY]?: SnapshotHub };

/** One hub per process, whichever bundle asks for it. */
export function getHub(): SnapshotHub {
    const holder = globalThis as Holder;
    holder[KEY] ??= createHub();
    return holder[KEY];
}

function createHub(): SnapshotHub {
    const config = readRuntimeConfig(process.env);
    return new SnapshotHub({ read: createSnapshotReader(config), intervalMs: config.pollIntervalMs });
}
