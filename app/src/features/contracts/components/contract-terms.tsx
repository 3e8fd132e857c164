'use client';

import { formatBasisPoints, formatRate } from '../../../lib/format';
import { formatDuration, formatTime } from '../../../lib/time';
import { Card } from '../../../ui/card';
import { Copyable } from '../../../ui/copyable';
import { DefinitionList } from '../../../ui/definition-list';
import { StateBadge } from '../../../ui/state-badge';
import type { ContractView, PartyView } from '../../live/snapshot';
import { KIND_WORDS, partyName, STATE_WORDS } from '../words';
import { Money } from './money';

function Party({ party }: { party: PartyView }) {
    return (
        <span className="inline-flex flex-wrap items-center gap-x-2">
            {party.label ? <span>{partyName(party)}</span> : null}
            <Copyable value={party.owner ?? party.participant} what="wallet address" />
        </span>
    );
}

export function ContractTerms({ contract }: { contract: ContractView }) {
    const state = STATE_WORDS[contract.state] ?? { word: contract.state, tone: 'neutral' as const, meaning: '' };
    const endSecs = contract.genesisAtSecs + contract.epochCount * contract.epochLengthSecs;
    const prices = contract.pricePerGigabyte
        .map((price, kind) => ({ price, kind }))
        .filter(({ price }) => BigInt(price) > 0n);
    return (
        <Card
            id="terms"
            title="Contract"
            lead={state.meaning}
            actions={<StateBadge tone={state.tone}>{state.word}</StateBadge>}
        >
            <DefinitionList
                items={[
                    { term: 'Account', value: <Copyable value={contract.address} what="contract address" ends={8} /> },
                    { term: 'Content provider (buyer)', value: <Party party={contract.contentProvider} /> },
                    { term: 'Operator (seller)', value: <Party party={contract.seller} /> },
                    {
                        term: 'Price per gigabyte',
                        value: prices.map(({ price, kind }) => (
                            <span key={kind} className="block">
                                <Money amount={price} mint={contract.mint} />{' '}
                                <span className="font-normal text-muted">{KIND_WORDS[kind]}</span>
                            </span>
                        )),
                        note: '1 GB = 1 000 000 000 bytes',
                    },
                    {
                        term: 'Capacity committed',
                        value: formatRate(contract.committedKilobitsPerSecond),
                        note: `payable up to ${formatRate(contract.capKilobitsPerSecond)}`,
                    },
                    {
                        term: 'Minimum fee per epoch',
                        value: <Money amount={contract.commitFeePerEpoch} mint={contract.mint} />,
                    },
                    {
                        term: 'Epochs',
                        value: `${contract.epochCount} of ${formatDuration(contract.epochLengthSecs)} each`,
                        note: `${formatTime(contract.genesisAtSecs * 1000)} to ${formatTime(endSecs * 1000)}`,
                    },
                    {
                        term: 'Protocol fee',
                        value: formatBasisPoints(contract.feeBasisPoints),
                        note: 'to the treasury',
                    },
                    { term: 'Covers', value: <Footprints contract={contract} /> },
                ]}
            />
            <h3 className="mt-6 font-semibold text-sm">Service level</h3>
            <ul className="mt-1 max-w-prose list-disc space-y-0.5 pl-5 text-sm">
                {contract.slaWords.map((words) => (
                    <li key={words}>{words}</li>
                ))}
            </ul>
        </Card>
    );
}

function Footprints({ contract }: { contract: ContractView }) {
    return contract.claims.map((claim) => (
        <span key={claim.address} className="block" title={`Capacity claim ${claim.address}`}>
            <code className="font-mono text-[0.8125rem]">{claim.footprint ?? 'retired claim'}</code>{' '}
            <span className="font-normal text-muted">{formatRate(claim.kilobitsPerSecond)}</span>
        </span>
    ));
}
