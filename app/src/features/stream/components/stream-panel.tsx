'use client';

import { useRef } from 'react';
import { formatBytes, formatExactBytes, formatInteger } from '../../../lib/format';
import { Button } from '../../../ui/button';
import { Card, EmptyState } from '../../../ui/card';
import { Copyable } from '../../../ui/copyable';
import { PlayIcon, StopIcon } from '../../../ui/icons';
import { LiveValue } from '../../../ui/live-value';
import { StateBadge, type Tone } from '../../../ui/state-badge';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { nameOf } from '../../network/words';
import { useStream } from '../hooks/use-stream';
import type { StreamPhase, StreamState } from '../stream-state';
import { RouteExplanationView } from './route-explanation';

const PHASES: Readonly<Record<StreamPhase, { word: string; tone: Tone }>> = {
    idle: { word: 'Not playing', tone: 'neutral' },
    routing: { word: 'Asking the router', tone: 'active' },
    opening: { word: 'Opening a session', tone: 'active' },
    playing: { word: 'Playing', tone: 'good' },
    ended: { word: 'Played through', tone: 'good' },
    failed: { word: 'Failed', tone: 'bad' },
};

export function StreamPanel() {
    const video = useRef<HTMLVideoElement>(null);
    const { state, configured, play, stop } = useStream(video);
    const running = state.phase !== 'idle' && state.phase !== 'ended' && state.phase !== 'failed';
    return (
        <Card
            id="stream"
            title="Watch the stream"
            lead="Your browser asks the CAST's router, plays from the node that it names, and signs receipts for what arrives."
            actions={<StateBadge tone={PHASES[state.phase].tone}>{PHASES[state.phase].word}</StateBadge>}
        >
            {configured ? (
                <>
                    <video
                        ref={video}
                        controls
                        muted
                        playsInline
                        className="block aspect-video w-full rounded-md bg-black"
                        aria-label="The stream"
                    />
                    <div className="mt-4 flex flex-wrap items-center gap-2">
                        {running ? (
                            <Button onClick={stop}>
                                <StopIcon />
                                Stop
                            </Button>
                        ) : (
                            <Button look="primary" onClick={play} data-testid="play">
                                <PlayIcon />
                                {state.phase === 'idle' ? 'Play through the router' : 'Play again'}
                            </Button>
                        )}
                    </div>
                    <StreamFacts state={state} />
                </>
            ) : (
                <EmptyState title="No stream configured">
                    Set CAST_URL to the router of a CAST and STREAM_PATH to a playlist that it serves, then restart the
                    page's server.
                </EmptyState>
            )}
        </Card>
    );
}

function StreamFacts({ state }: { state: StreamState }) {
    if (state.delivery === null && state.notes.length === 0) return null;
    return (
        <div className="mt-4 space-y-4 text-sm" data-testid="stream-facts">
            {state.delivery ? <ServedBy state={state} /> : null}
            {state.notes.length > 0 ? (
                <ul role="status" className="space-y-1 rounded-md bg-warn-soft px-3 py-2 text-text">
                    {state.notes.map((note) => (
                        <li key={note} className="break-words">
                            {note}
                        </li>
                    ))}
                </ul>
            ) : null}
            {state.delivery ? <Figures state={state} /> : null}
            {state.explanation ? <RouteExplanationView explanation={state.explanation} /> : null}
        </div>
    );
}

function ServedBy({ state }: { state: StreamState }) {
    const { nodes } = useSnapshot();
    const node = nodes.find(({ address }) => address === state.node);
    if (state.delivery === 'traditional') {
        return (
            <p>
                <strong className="font-semibold">Traditional delivery</strong> from <code>{state.servedBy}</code>: no
                node covers your address, so the content provider's origin serves you and nothing is receipted.
            </p>
        );
    }
    return (
        <p>
            Served by <strong className="font-semibold">{node ? nameOf(node) : 'a node'}</strong>
            {node?.status?.location ? `, declared in ${node.status.location.label},` : ''} at{' '}
            <code>{state.servedBy}</code> {state.node ? <Copyable value={state.node} what="node address" /> : null}
        </p>
    );
}

function Figures({ state }: { state: StreamState }) {
    const figures: { term: string; value: string; title?: string; testId: string }[] = [
        {
            term: 'Received',
            value: formatBytes(state.receivedBytes),
            title: formatExactBytes(state.receivedBytes),
            testId: 'received',
        },
        {
            term: 'Acknowledged',
            value: formatBytes(state.acknowledgedBytes),
            title: formatExactBytes(state.acknowledgedBytes),
            testId: 'acknowledged',
        },
        { term: 'Objects', value: formatInteger(state.objects), testId: 'objects' },
        { term: 'Receipts at the node', value: formatInteger(state.receipts), testId: 'receipts' },
        { term: 'Copies to provider', value: formatInteger(state.receiptCopies), testId: 'copies' },
        { term: 'Epoch', value: state.epoch === null ? '–' : formatInteger(state.epoch), testId: 'epoch' },
    ];
    return (
        <>
            <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3">
                {figures.map(({ term, value, title, testId }) => (
                    <div key={term}>
                        <dt className="text-muted">{term}</dt>
                        <dd className="font-semibold" data-testid={`stream-${testId}`}>
                            <LiveValue title={title}>{value}</LiveValue>
                        </dd>
                    </div>
                ))}
            </dl>
            {state.delivery === 'node' && state.epoch !== null ? (
                <p className="text-muted">
                    Receipts are signed with a key made for this session alone, which no script can read out. A receipt
                    is due every 4 MiB or 10 s, and at the end.
                </p>
            ) : null}
        </>
    );
}
