'use client';

import { useEffect, useState } from 'react';
import { formatBytes, shorten } from '../../../lib/format';
import { StateBadge } from '../../../ui/state-badge';
import { useConfig } from '../../live/components/providers';
import type { Verification, VerificationStep } from '../verify-record';

interface VerifyPanelProps {
    readonly commitment: string;
    readonly committerUrl: string;
}

const FIELD = 'mt-1 block h-9 rounded-md border border-line-strong/60 bg-surface px-2';

/** Runs by itself when opened, and again for each session or record chosen. */
export function VerifyPanel({ commitment, committerUrl }: VerifyPanelProps) {
    const { rpcUrl } = useConfig();
    const [tokenHash, setTokenHash] = useState<string | undefined>(undefined);
    const [recordIndex, setRecordIndex] = useState(0);
    const [steps, setSteps] = useState<readonly VerificationStep[]>([]);
    const [result, setResult] = useState<Verification | null>(null);
    const [problem, setProblem] = useState<string | null>(null);

    useEffect(() => {
        const abort = new AbortController();
        const ours =
            <Value,>(set: (value: Value) => void) =>
            (value: Value) => {
                if (!abort.signal.aborted) set(value);
            };
        setSteps([]);
        setProblem(null);
        // The chain's client and the proof's arithmetic load only here.
        import('../verify-record')
            .then(({ verifyRecord }) =>
                verifyRecord({
                    rpcUrl,
                    committerUrl,
                    commitment,
                    tokenHash,
                    recordIndex,
                    signal: abort.signal,
                    onStep: ours((step: VerificationStep) => setSteps((old) => [...old, step])),
                }),
            )
            .then(
                ours(setResult),
                ours((error: unknown) => {
                    setProblem(error instanceof Error ? error.message : 'The check could not be finished.');
                }),
            );
        return () => abort.abort();
    }, [rpcUrl, committerUrl, commitment, tokenHash, recordIndex]);

    const failed = problem !== null || steps.some(({ ok }) => !ok);
    const done = result !== null && steps.length > 0;
    return (
        <div className="mt-4 space-y-4 text-sm">
            <p className="text-muted">
                Computed in this browser. The root is read from the chain directly; nothing that the operator sends is
                believed.
            </p>
            <ol className="space-y-2" aria-live="polite" data-testid="verify-steps">
                {steps.map((step) => (
                    <li key={step.name} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                        <StateBadge tone={step.ok ? 'good' : 'bad'}>{step.ok ? 'Holds' : 'Fails'}</StateBadge>
                        <span className="font-medium">{step.name}</span>
                        <span className="w-full break-words text-muted">{step.detail}</span>
                    </li>
                ))}
            </ol>
            {problem ? (
                <p role="alert" className="break-words rounded-md bg-bad-soft px-3 py-2 text-bad">
                    {problem} Nothing is proved or disproved by that; try again.
                </p>
            ) : null}
            {done && !failed && result.verified ? (
                <p className="rounded-md bg-good-soft px-3 py-2 font-medium text-good" data-testid="verify-result">
                    Verified: this record is covered by the on-chain commitment.
                </p>
            ) : null}
            {done && failed && !problem ? (
                <p className="rounded-md bg-bad-soft px-3 py-2 font-medium text-bad" data-testid="verify-result">
                    Not verified: a step above fails.
                </p>
            ) : null}
            {result && result.sessions.length > 0 ? (
                <div className="flex flex-wrap gap-4">
                    <label className="min-w-0">
                        <span className="text-muted">Session</span>
                        <select
                            className={FIELD}
                            value={tokenHash ?? result.tokenHash ?? ''}
                            onChange={(event) => {
                                setRecordIndex(0);
                                setTokenHash(event.target.value);
                            }}
                        >
                            {result.sessions.map((session) => (
                                <option key={session.tokenHash} value={session.tokenHash}>
                                    {shorten(session.tokenHash, 6)}, {formatBytes(session.bytes)}
                                </option>
                            ))}
                        </select>
                    </label>
                    <label>
                        <span className="text-muted">Record, 1 to {result.recordCount}</span>
                        <input
                            type="number"
                            className={`${FIELD} w-28`}
                            min={1}
                            max={Math.max(1, result.recordCount)}
                            value={recordIndex + 1}
                            onChange={(event) => {
                                const wanted = event.target.valueAsNumber;
                                if (Number.isInteger(wanted) && wanted >= 1 && wanted <= result.recordCount)
                                    setRecordIndex(wanted - 1);
                            }}
                        />
                    </label>
                </div>
            ) : null}
            {result?.record ? <RecordFields record={result.record} /> : null}
        </div>
    );
}

function RecordFields({ record }: { record: NonNullable<Verification['record']> }) {
    return (
        <div>
            <h3 className="font-semibold">The record (RFC 7937, no client address)</h3>
            <dl className="mt-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
                {record.fields.map((field) => (
                    <div key={field.name} className="contents">
                        <dt className="font-mono text-[0.8125rem] text-muted">{field.name}</dt>
                        <dd className="break-all font-mono text-[0.8125rem]">{field.value}</dd>
                    </div>
                ))}
            </dl>
        </div>
    );
}
