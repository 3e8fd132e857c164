import { join } from 'node:path';
import type { NodeConfig } from '../config.js';
import { ContentKeys, groupOfObject } from '../content-keys/content-keys.js';
import type { NodeLog, ProtocolClock, TopologyPort } from '../ports.js';
import { cachePortOf } from '../purge/cache-port.js';
import { JobFile } from '../purge/job-file.js';
import { CacheJobs } from '../purge/jobs.js';
import { normaliseUrl } from '../purge/normalise.js';
import { PurgeableStorage } from '../purge/purgeable-storage.js';
import { ObjectCache } from './object-cache.js';
import { openStorage } from './storage/open-storage.js';
import type { Upstream } from './upstream.js';

export interface OpenCacheInput {
    config: NodeConfig;
    upstream: Upstream;
    topology: TopologyPort;
    clock: ProtocolClock;
    now: () => number;
    log: NodeLog;
}

/**
 * The cache of a node over its two tiers, the operator's jobs on it, and the keys of its content. Purges of an earlier life are
 * in force before it is read; what belongs to contracts that ended meanwhile is gone before anybody is served.
 */
export async function openNodeCache({ config, upstream, topology, clock, now, log }: OpenCacheInput): Promise<{
    cache: ObjectCache;
    jobs: CacheJobs;
    contentKeys: ContentKeys;
}> {
    const { memoryBytes, maxObjectBytes, diskBytes, ...behaviour } = config.cache;
    const stored = await openStorage({
        folder: join(config.dataDir, 'cache'),
        memoryBytes,
        diskBytes,
        groupOf: groupOfObject,
        onError: (error) => log.warn({ err: error }, 'disk tier of the cache failed'),
        now,
    });
    const contentKeys = new ContentKeys({ storage: stored, topology, clock, now, log, node: config.node });
    const storage = new PurgeableStorage(stored);
    const contractOf = (asked: string | undefined): string | null => contentKeys.contractOf(asked);
    const cache = new ObjectCache({ upstream, storage, maxObjectBytes, behaviour, contractOf, now });
    const hosts = new Set(config.hosts.map((host) => host.toLowerCase()));
    const allowedQuery = new Set(config.queryAllowList);
    const jobs = new CacheJobs({
        cache: cachePortOf({
            storage,
            lookup: (request) => cache.lookup(request),
            leaveFlights: (matches) => cache.leaveFlights(matches),
        }),
        file: new JobFile(join(config.dataDir, 'purge', 'jobs.json')),
        normalise: (url) => normaliseUrl(url, hosts, allowedQuery),
        collections: config.collections,
        now,
        log,
    });
    await jobs.load();
    await cache.store.open();
    await contentKeys.eraseEnded();
    return { cache, jobs, contentKeys };
}
