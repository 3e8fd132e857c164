import { formatAmount, shorten } from '../../../lib/format';
import { LiveValue } from '../../../ui/live-value';
import type { MintView } from '../../live/snapshot';

export function unitOf(mint: MintView): string {
    return mint.label ?? `units of ${shorten(mint.address)}`;
}

/** An exact amount with its unit; base units on hover. */
export function Money({ amount, mint, unit = true }: { amount: string | null; mint: MintView; unit?: boolean }) {
    if (amount === null) return <span title="The chain did not answer, or the account does not exist yet.">–</span>;
    return (
        <span>
            <span className="whitespace-nowrap">
                <LiveValue title={`${amount} base units (10^-${mint.decimals} ${unitOf(mint)})`}>
                    {formatAmount(amount, mint.decimals)}
                </LiveValue>
            </span>
            {unit ? <span className="text-muted"> {unitOf(mint)}</span> : null}
        </span>
    );
}
