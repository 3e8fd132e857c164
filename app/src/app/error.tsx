'use client';

import { Button } from '../ui/button';

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
    return (
        <div role="alert" className="py-16 text-center">
            <h1 className="font-semibold text-xl">This page could not be shown</h1>
            <p className="mx-auto mt-2 max-w-prose text-muted">
                Nothing on chain is affected, and nothing was signed. If it happens again, the server's log says why.
            </p>
            <div className="mt-4">
                <Button look="primary" onClick={reset}>
                    Try again
                </Button>
            </div>
        </div>
    );
}
