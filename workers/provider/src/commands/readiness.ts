import type { Readiness } from '@ocm/runtime';

/** Without a good look at the chain for this long, tokens and verdicts rest on stale facts. */
const STALE_AFTER_MS = 30_000;

/** What the last look at the chain found. */
export type Look = { atMs: number; unknownContracts: number; missingIssuers: number };

export function readinessOf(look: Look, rpcUrl: string): Readiness {
    const notReady = (reason: string) => ({ ready: false, reason });
    if (Date.now() - look.atMs > STALE_AFTER_MS)
        return notReady(`no successful look at the chain at ${rpcUrl} in the last ${STALE_AFTER_MS} ms`);
    if (look.unknownContracts > 0)
        return notReady(`${look.unknownContracts} of the configured contracts are not on the cluster at ${rpcUrl}`);
    if (look.missingIssuers > 0)
        return notReady(`${look.missingIssuers} issuer keys of present or coming epochs are not held here`);
    return { ready: true };
}
