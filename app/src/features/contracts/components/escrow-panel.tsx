'use client';

import { toShare } from '../../../lib/format';
import { Card } from '../../../ui/card';
import { Copyable } from '../../../ui/copyable';
import type { ContractView } from '../../live/snapshot';
import { Money } from './money';

interface Part {
    readonly name: string;
    readonly meaning: string;
    readonly amount: bigint;
    readonly fill: string;
}

/** What of the vault is owed, reserved and free, in this order of precedence (protocol 6.6). */
export function splitVault(escrow: ContractView['escrow']): { owed: bigint; reserved: bigint; free: bigint } {
    const balance = BigInt(escrow.balance ?? 0);
    const owed = BigInt(escrow.owed) < balance ? BigInt(escrow.owed) : balance;
    const behind = balance - owed;
    const reserved = BigInt(escrow.reserve) < behind ? BigInt(escrow.reserve) : behind;
    return { owed, reserved, free: behind - reserved };
}

export function EscrowPanel({ contract }: { contract: ContractView }) {
    const { escrow, mint } = contract;
    const { owed, reserved, free } = splitVault(escrow);
    const parts: Part[] = [
        { name: 'Owed', meaning: 'to payees, theirs to withdraw', amount: owed, fill: 'fill-committed' },
        { name: 'Reserved', meaning: 'for epochs running and ahead', amount: reserved, fill: 'fill-delivered' },
        { name: 'Free', meaning: 'the content provider may withdraw it', amount: free, fill: 'fill-line-strong' },
    ];
    const total = owed + reserved + free;
    let start = 0;
    return (
        <Card
            id="escrow"
            title="Escrow"
            lead="The vault's balance on chain, and whose it is."
            actions={<Copyable value={contract.vault} what="vault address" />}
        >
            <p className="font-semibold text-2xl">
                <Money amount={escrow.balance} mint={mint} />
            </p>
            <svg
                viewBox="0 0 100 8"
                preserveAspectRatio="none"
                className="mt-3 h-2 w-full rounded-full bg-sunken"
                role="img"
                aria-label="Parts of the vault, as listed below"
            >
                {parts.map((part) => {
                    const width = toShare(part.amount, total);
                    const bar = <rect key={part.name} x={start} width={width} height="8" className={part.fill} />;
                    start += width;
                    return bar;
                })}
            </svg>
            <dl className="mt-4 space-y-2 text-sm">
                {parts.map((part) => (
                    <div key={part.name} className="flex items-baseline justify-between gap-4">
                        <dt className="flex min-w-0 items-baseline gap-2">
                            <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" className="shrink-0">
                                <rect width="10" height="10" rx="2" className={part.fill} />
                            </svg>
                            <span>
                                <span className="font-medium">{part.name}</span>{' '}
                                <span className="text-muted">{part.meaning}</span>
                            </span>
                        </dt>
                        <dd>
                            <Money amount={part.amount.toString()} mint={mint} unit={false} />
                        </dd>
                    </div>
                ))}
            </dl>
            <dl className="mt-4 space-y-2 border-line border-t pt-4 text-sm">
                <Line term="Deposited so far" amount={escrow.deposited} contract={contract} />
                <Line term="Earned in settled epochs" amount={escrow.paidTotal} contract={contract} />
                <Line term="Refunded for poor service" amount={escrow.penaltyTotal} contract={contract} />
                <Line term="In open commitments" amount={escrow.openGross} contract={contract} />
            </dl>
        </Card>
    );
}

function Line({ term, amount, contract }: { term: string; amount: string; contract: ContractView }) {
    return (
        <div className="flex items-baseline justify-between gap-4">
            <dt className="text-muted">{term}</dt>
            <dd>
                <Money amount={amount} mint={contract.mint} unit={false} />
            </dd>
        </div>
    );
}
