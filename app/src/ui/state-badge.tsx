import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { AlertIcon, CheckIcon, ClockIcon, CrossIcon, DotIcon } from './icons';

export type Tone = 'good' | 'warn' | 'bad' | 'active' | 'neutral';

const TONES: Record<Tone, string> = {
    good: 'bg-good-soft text-good',
    warn: 'bg-warn-soft text-warn',
    bad: 'bg-bad-soft text-bad',
    active: 'bg-accent-soft text-accent',
    neutral: 'bg-sunken text-muted',
};

const SHAPES: Record<Tone, () => ReactNode> = {
    good: CheckIcon,
    warn: AlertIcon,
    bad: CrossIcon,
    active: DotIcon,
    neutral: ClockIcon,
};

/** A state by shape and word, never by colour alone. */
export function StateBadge({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string | undefined }) {
    const Shape = SHAPES[tone];
    return (
        <span
            title={title}
            className={classNames(
                'inline-flex items-center gap-1 whitespace-nowrap rounded-full py-0.5 pr-2.5 pl-1.5 text-sm font-medium',
                TONES[tone],
            )}
        >
            <Shape />
            {children}
        </span>
    );
}
