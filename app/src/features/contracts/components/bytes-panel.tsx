'use client';

import { maxOf } from '../../../lib/bigint';
import { formatBytes, formatExactBytes, formatInteger, toShare } from '../../../lib/format';
import { Card } from '../../../ui/card';
import { LiveValue } from '../../../ui/live-value';
import type { ContractView } from '../../live/snapshot';

interface Bar {
    readonly name: string;
    readonly source: string;
    readonly bytes: string | null;
    readonly fill: string;
}

/** Delivered beside committed: where the first comes from logs and the second from the chain. */
export function BytesPanel({ contract }: { contract: ContractView }) {
    const { bytes } = contract;
    const bars: Bar[] = [
        {
            name: 'Delivered',
            source: "the operator's nodes, from their logs",
            bytes: bytes.served,
            fill: 'fill-delivered',
        },
        {
            name: 'Receipted',
            source: 'acknowledged by signatures of viewers',
            bytes: bytes.receipted,
            fill: 'fill-delivered',
        },
        {
            name: 'Committed',
            source: 'covered by an on-chain commitment',
            bytes: bytes.committed,
            fill: 'fill-committed',
        },
        { name: 'Settled', source: 'paid for, on chain', bytes: bytes.settled, fill: 'fill-committed' },
    ];
    const most = maxOf(bars.map((bar) => BigInt(bar.bytes ?? 0)));
    return (
        <Card
            id="bytes"
            title="Bytes delivered and committed"
            lead="A running epoch is delivered first and committed after it ends."
        >
            <dl className="space-y-4">
                {bars.map((bar) => (
                    <div key={bar.name}>
                        <div className="flex items-baseline justify-between gap-4">
                            <dt className="min-w-0 text-sm">
                                <span className="font-medium">{bar.name}</span>{' '}
                                <span className="text-muted">{bar.source}</span>
                            </dt>
                            <dd className="whitespace-nowrap text-right font-semibold">
                                {bar.bytes === null ? (
                                    <span className="font-normal text-muted text-sm">no node answers</span>
                                ) : (
                                    <LiveValue title={formatExactBytes(bar.bytes)}>{formatBytes(bar.bytes)}</LiveValue>
                                )}
                            </dd>
                        </div>
                        <svg
                            viewBox="0 0 100 8"
                            preserveAspectRatio="none"
                            className="mt-1 h-2 w-full rounded-full bg-sunken"
                            aria-hidden="true"
                        >
                            <rect width={toShare(BigInt(bar.bytes ?? 0), most)} height="8" className={bar.fill} />
                        </svg>
                        <p className="mt-0.5 text-right text-muted text-xs">
                            {bar.bytes === null ? '–' : `${formatInteger(bar.bytes)} bytes`}
                        </p>
                    </div>
                ))}
            </dl>
        </Card>
    );
}
