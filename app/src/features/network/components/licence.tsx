'use client';

import { Copyable } from '../../../ui/copyable';
import { ExternalIcon } from '../../../ui/icons';
import { useConfig } from '../../live/components/providers';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import type { LicenceView } from '../../live/snapshot';
import { explorerUrl } from '../../transactions/explorer-url';

/** A node's licence with its holder; the explorer is asked only when someone follows the link. */
export function Licence({ licence }: { licence: LicenceView | null }) {
    const { cluster } = useSnapshot();
    const { rpcUrl } = useConfig();
    if (!licence) return <span className="text-muted">none</span>;
    return (
        <>
            <a
                href={explorerUrl(licence.mint, { name: cluster.name, rpcUrl }, 'address')}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex items-center gap-1 whitespace-nowrap text-accent underline underline-offset-2"
                aria-label={`Open the mint of ${licence.name} in an explorer (leaves this site)`}
                title={licence.meaning}
            >
                {licence.name}
                <ExternalIcon />
            </a>
            <span className="flex items-center gap-1 whitespace-nowrap text-xs">
                {licence.holder ? (
                    <>
                        <span className="text-muted">held by</span>
                        <Copyable value={licence.holder} what="licence holder" />
                    </>
                ) : (
                    <span className="text-muted">burned by its holder</span>
                )}
            </span>
            <span className="block whitespace-nowrap text-muted text-xs">Cannot be transferred</span>
        </>
    );
}
