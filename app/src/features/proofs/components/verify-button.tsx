'use client';

import { useRef, useState } from 'react';
import { Button } from '../../../ui/button';
import { useConfig } from '../../live/components/providers';
import { VerifyPanel } from './verify-panel';

export function VerifyButton({ commitment }: { commitment: string }) {
    const { committerUrl } = useConfig();
    const dialog = useRef<HTMLDialogElement>(null);
    const [open, setOpen] = useState(false);
    if (!committerUrl) {
        return (
            <span className="text-muted" title="Set COMMITTER_URL to the operator's committer.">
                no committer
            </span>
        );
    }
    const titleId = `verify-${commitment}`;
    return (
        <>
            <Button
                size="small"
                data-testid="verify"
                aria-haspopup="dialog"
                onClick={() => {
                    setOpen(true);
                    dialog.current?.showModal();
                }}
            >
                Verify
            </Button>
            <dialog
                ref={dialog}
                aria-labelledby={titleId}
                onClose={() => setOpen(false)}
                className="m-auto w-[min(44rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-0 text-left text-text backdrop:bg-black/50"
            >
                <div className="max-h-[85vh] overflow-y-auto p-6">
                    <div className="flex items-start justify-between gap-4">
                        <h2 id={titleId} className="font-semibold text-lg">
                            Verify one log record
                        </h2>
                        <Button size="small" look="quiet" onClick={() => dialog.current?.close()}>
                            Close
                        </Button>
                    </div>
                    {open ? <VerifyPanel commitment={commitment} committerUrl={committerUrl} /> : null}
                </div>
            </dialog>
        </>
    );
}
