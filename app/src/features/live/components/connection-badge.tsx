'use client';

import { formatTime } from '../../../lib/time';
import { StateBadge } from '../../../ui/state-badge';
import { useConnectionState, useSnapshot } from '../hooks/use-snapshot';

/** Whether what stands on the page is of now. */
export function ConnectionBadge() {
    const state = useConnectionState();
    const { takenAtMs } = useSnapshot();
    const title = `Last read ${formatTime(takenAtMs)}`;
    return (
        <span aria-live="polite">
            {state === 'live' ? (
                <StateBadge tone="good" title={title}>
                    Live
                </StateBadge>
            ) : state === 'lost' ? (
                <StateBadge tone="warn" title={title}>
                    Reconnecting
                </StateBadge>
            ) : (
                <StateBadge tone="neutral" title={title}>
                    Connecting
                </StateBadge>
            )}
        </span>
    );
}
