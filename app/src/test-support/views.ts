import type { NodeView } from '../features/live/snapshot';

/** Builders for tests; nothing of the product imports them. */
export function nodeView(change: Partial<NodeView> = {}): NodeView {
    return {
        address: 'SysvarRent111111111111111111111111111111111',
        participant: 'SysvarC1ock11111111111111111111111111111111',
        label: null,
        role: 'relay',
        index: 1,
        endpoint: '127.0.0.1:8101',
        asn: 64496,
        claims: [],
        claimEgressKilobitsPerSecond: '100000',
        verifiedEgressKilobitsPerSecond: '0',
        committedKilobitsPerSecond: '20000',
        health: 'unknown',
        healthReason: '',
        status: {
            location: null,
            startedAtMs: 0,
            requests: 0,
            servedBytes: '0',
            receiptedBytes: '0',
            cacheHits: 0,
            cacheMisses: 0,
            cacheCollapsed: 0,
            cacheObjects: 0,
            cacheBytes: 0,
            parentFetches: 0,
            openSessions: 0,
        },
        licence: null,
        ...change,
    };
}
