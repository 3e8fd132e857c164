'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { useConfig } from '../../live/components/providers';
import { explainRoute } from '../explain-route';
import { RouteExplanationView } from './route-explanation';

/** IPv4 or IPv6 text; the router judges the rest. */
const ADDRESS_PATTERN = /^[0-9a-fA-F.:]{2,45}$/;

/** Who would serve a given address, and why. */
export function RouteQuestion() {
    const { castUrl, streamPath } = useConfig();
    const [viewerAddress, setViewerAddress] = useState('');
    const question = useMutation({
        mutationFn: (address: string) =>
            explainRoute(castUrl ?? '', { path: streamPath ?? '/', viewerAddress: address }),
    });
    if (!castUrl) return null;
    const valid = ADDRESS_PATTERN.test(viewerAddress.trim());
    const ask = (event: FormEvent) => {
        event.preventDefault();
        if (valid) question.mutate(viewerAddress.trim());
    };
    return (
        <Card
            id="route"
            title="Who would serve an address?"
            lead="The router explains itself. The address is sent to the CAST's router and nowhere else."
        >
            <form onSubmit={ask} className="flex flex-wrap items-end gap-2">
                <label className="min-w-0 grow basis-48 text-sm">
                    <span className="block text-muted">IP address of a viewer</span>
                    <input
                        value={viewerAddress}
                        onChange={(event) => setViewerAddress(event.target.value)}
                        placeholder="for example 192.0.2.1"
                        autoComplete="off"
                        spellCheck={false}
                        maxLength={45}
                        className="mt-1 h-10 w-full rounded-md border border-line-strong/60 bg-surface px-3 font-mono text-[0.875rem] placeholder:text-muted"
                    />
                </label>
                <Button type="submit" disabled={!valid || question.isPending}>
                    Ask the router
                </Button>
            </form>
            <div className="mt-4" aria-live="polite">
                {question.isError ? (
                    <p className="break-words text-bad text-sm">{question.error.message}</p>
                ) : question.data ? (
                    <RouteExplanationView explanation={question.data} />
                ) : null}
            </div>
        </Card>
    );
}
