import type { ReactNode } from 'react';
import { classNames } from './class-names';

interface CardProps {
    readonly id: string;
    readonly title: string;
    readonly lead?: ReactNode;
    readonly actions?: ReactNode;
    readonly children: ReactNode;
    readonly className?: string;
    /** Tables reach the card's edges. */
    readonly flush?: boolean;
}

export function Card({ id, title, lead, actions, children, className, flush = false }: CardProps) {
    return (
        <section
            aria-labelledby={`${id}-title`}
            id={id}
            className={classNames('min-w-0 rounded-lg border border-line bg-surface', className)}
        >
            <header className="px-4 pt-4 sm:px-6">
                <div className="flex min-h-8 items-center justify-between gap-4">
                    <h2 id={`${id}-title`} className="min-w-0 font-semibold text-base">
                        {title}
                    </h2>
                    {actions ? <div className="flex shrink-0 items-center gap-1">{actions}</div> : null}
                </div>
                {lead ? <p className="mt-0.5 max-w-[80ch] text-muted text-sm">{lead}</p> : null}
            </header>
            <div className={flush ? 'mt-4' : 'px-4 pt-4 pb-6 sm:px-6'}>{children}</div>
        </section>
    );
}

/** Teaches what will stand here and what brings it about. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
    return (
        <div className="rounded-md border border-line border-dashed px-4 py-6 text-center">
            <p className="font-medium">{title}</p>
            <p className="mx-auto mt-1 max-w-prose text-sm text-muted">{children}</p>
        </div>
    );
}
