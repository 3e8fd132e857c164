import { join } from 'node:path';
import type { NodeConfig } from '../config.js';
import type { NodeLog } from '../ports.js';
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
    now: () => number;
    log: NodeLog;
}

/**
 * The cache of a node over its two tiers, and the operator's jobs on it. Purges of an earlier life are in force before it is
 * read.
 */
export async function openNodeCache({ config, upstream, now, log }: OpenCacheInput): Promise<{
    cache: ObjectCache;
    jobs: CacheJobs;
}> {
    const { memoryBytes, maxObjectBytes, diskBytes, ...behaviour } = config.cache;
    const stored = await openStorage({
        folder: join(config.dataDir, 'cache'),
        memoryBytes,
        diskBytes,
        // Whose content it is: with its secret all of it is gone, on copies of the disk as well.
        groupOf: ({ key }) => key.slice(0, Math.max(0, key.indexOf('/'))),
        onError: (error) => log.warn({ err: error }, 'disk tier of the cache failed'),
        now,
    });
    const storage = new PurgeableStorage(stored);
    const cache = new ObjectCache({ upstream, storage, maxObjectBytes, behaviour, now });
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
    return { cache, jobs };
}
