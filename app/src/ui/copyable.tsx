'use client';

import { useEffect, useState } from 'react';
import { shorten } from '../lib/format';
import { CheckIcon, CopyIcon } from './icons';

/** A long identifier, shortened for the eye; the button copies the whole of it. */
export function Copyable({ value, what, ends = 4 }: { value: string; what: string; ends?: number }) {
    const [copied, setCopied] = useState(false);
    useEffect(() => {
        if (!copied) return;
        const timer = setTimeout(() => setCopied(false), 1500);
        return () => clearTimeout(timer);
    }, [copied]);
    return (
        <span className="inline-flex items-center gap-0.5 whitespace-nowrap">
            <code title={value} className="font-mono text-[0.8125rem]">
                {shorten(value, ends)}
            </code>
            <button
                type="button"
                onClick={() => void navigator.clipboard?.writeText(value).then(() => setCopied(true))}
                className="inline-grid size-6 place-items-center rounded text-muted hover:bg-sunken hover:text-text"
                aria-label={copied ? `Copied ${what} ${value}` : `Copy ${what} ${value}`}
                title={`Copy ${what}`}
            >
                {copied ? <CheckIcon /> : <CopyIcon />}
            </button>
        </span>
    );
}
