'use client';

import { Copyable } from '../../../ui/copyable';
import { ExternalIcon } from '../../../ui/icons';
import { useConfig } from '../../live/components/providers';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { explorerUrl } from '../explorer-url';

/** A transaction's signature; the explorer is asked only when someone follows the link. */
export function Signature({ value }: { value: string }) {
    const { cluster } = useSnapshot();
    const { rpcUrl } = useConfig();
    return (
        <span className="inline-flex items-center whitespace-nowrap">
            <Copyable value={value} what="transaction signature" />
            <a
                href={explorerUrl(value, { name: cluster.name, rpcUrl })}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-grid size-6 place-items-center rounded text-muted hover:bg-sunken hover:text-text"
                aria-label={`Open transaction ${value} in an explorer (leaves this site)`}
                title="Open in Solana Explorer (leaves this site)"
            >
                <ExternalIcon />
            </a>
        </span>
    );
}
