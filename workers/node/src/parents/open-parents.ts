import type { buildConnector } from 'undici';
import { createUpstream, type Upstream, type UpstreamLimits } from '../cache/upstream.js';
import type { NodeLog } from '../ports.js';
import { Detention } from './detention.js';
import { Parent } from './parent.js';
import type { ParentPolicy, ParentTierConfig } from './parent-config.js';
import { ParentTree } from './parent-tree.js';
import type { ParentTier } from './plan.js';
import { RetryBudget } from './retry-budget.js';
import { Ring } from './ring.js';

export interface OpenParentsInput {
    /** Base58 address of this node. */
    self: string;
    /** Where content comes from in the end: the last tier. */
    parentUrl: string;
    tiers: readonly ParentTierConfig[];
    policy: ParentPolicy;
    limits?: Partial<UpstreamLimits> | undefined;
    /** Makes connections where it may; without it anywhere. */
    connector?: buildConnector.connector;
    /** What is between this node and a parent, such as receipts. */
    wrap?: (upstream: Upstream, parent: { url: string; node: string | null }) => Upstream;
    now: () => number;
    log: NodeLog;
}
const LAST_TIER = 'content';

/** Connections are opened when they are needed; nothing is asked here. */
export function openParents({
    self,
    parentUrl,
    tiers,
    policy,
    limits,
    connector,
    wrap = (upstream) => upstream,
    now,
    log,
}: OpenParentsInput): ParentTree {
    const rules = {
        afterFailures: policy.detainAfterFailures,
        firstMs: policy.detainFirstMs,
        maxMs: policy.detainMaxMs,
    };
    const open = ({ name, parents }: ParentTierConfig): ParentTier => ({
        name,
        ring: new Ring(
            parents.map(
                ({ url, weight, node = null }) =>
                    new Parent({
                        url,
                        weight,
                        node,
                        upstream: wrap(createUpstream(url, limits, connector), { url, node }),
                        detention: new Detention(rules, now, (isDetained, awayMs) =>
                            log.warn({ tier: name, parent: url, isDetained, awayMs }, 'parent detention changed'),
                        ),
                    }),
            ),
        ),
    });
    return new ParentTree({
        self,
        tiers: [...tiers, { name: LAST_TIER, parents: [{ url: parentUrl, weight: 1 }] }].map(open),
        contentUrl: parentUrl,
        budget: new RetryBudget({ ratio: policy.retryPercent / 100, perSecond: policy.retriesPerSecond }, now),
        slack: policy.slackPercent / 100,
        hedgeAfterMs: policy.hedgeAfterMs ?? null,
    });
}
