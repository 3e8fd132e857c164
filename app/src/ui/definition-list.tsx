import type { ReactNode } from 'react';

export interface Definition {
    readonly term: string;
    readonly value: ReactNode;
    readonly note?: ReactNode;
}

export function DefinitionList({ items }: { items: readonly Definition[] }) {
    return (
        <dl className="grid grid-cols-1 gap-x-8 gap-y-3 text-sm sm:grid-cols-2 xl:grid-cols-3">
            {items.map((item) => (
                <div key={item.term} className="min-w-0">
                    <dt className="text-muted">{item.term}</dt>
                    <dd className="mt-0.5 break-words font-medium">{item.value}</dd>
                    {item.note ? <dd className="text-muted text-xs">{item.note}</dd> : null}
                </div>
            ))}
        </dl>
    );
}
