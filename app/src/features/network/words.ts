import type { Tone } from '../../ui/state-badge';
import type { Health, NodeView } from '../live/snapshot';

export const ROLE_WORDS: Readonly<Record<NodeView['role'], string>> = {
    cast: 'CAST',
    relay: 'RELAY',
    beacon: 'BEACON',
    cdn: 'CDN',
};

export const ROLE_MEANINGS: Readonly<Record<NodeView['role'], string>> = {
    cast: 'router and mid-tier cache',
    relay: 'edge cache',
    beacon: 'household receiver',
    cdn: 'whole delivery network',
};

export const HEALTH_WORDS: Readonly<Record<Health, { word: string; tone: Tone }>> = {
    up: { word: 'Up', tone: 'good' },
    down: { word: 'Not answering', tone: 'bad' },
    unknown: { word: 'Unknown', tone: 'neutral' },
};

export function nameOf(node: NodeView): string {
    return node.label ?? `${ROLE_WORDS[node.role]} ${node.index}`;
}
