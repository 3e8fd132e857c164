import type { FreshnessRules } from './semantics/freshness.js';
import type { StorageRules } from './semantics/storable.js';

/** What a cache does where the standards leave a choice. The defaults are those of a node before viewers of media. */
export interface CacheBehaviour extends FreshnessRules, StorageRules {
    /** Viewers may demand validation (`no-cache`, `max-age`, …): off, as each demand is a fetch that they do not pay for. */
    honoursRequestDirectives: boolean;
    /** A range of what is not stored is asked of the parent as a range; else the whole object is fetched and kept. */
    forwardsRanges: boolean;
    /** Longest silence of a parent, before or within an answer, until another fetch takes over. */
    stallTimeoutMs: number;
    /** Stored variants of one URL (`Vary`); the oldest goes. */
    maxVariants: number;
    /** Stored parts of one URL (206); the oldest goes. */
    maxParts: number;
    /** Viewers who may wait for one fetch. */
    maxFollowers: number;
}

export const DEFAULT_BEHAVIOUR: CacheBehaviour = {
    negativeSecs: 0,
    maxNegativeSecs: 60,
    storesCookies: false,
    sharesAuthorized: false,
    staleIfErrorSecs: 0,
    honoursRequestDirectives: false,
    forwardsRanges: false,
    stallTimeoutMs: 6_000,
    maxVariants: 16,
    maxParts: 16,
    maxFollowers: 4096,
};
