'use client';

import { type ReactNode, useState } from 'react';
import { Button } from './button';
import { classNames } from './class-names';

export interface Column<Row> {
    readonly key: string;
    readonly header: string;
    readonly numeric?: boolean;
    /** Unit or provenance of the column, shown under its name. */
    readonly note?: string;
    readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
    readonly caption: string;
    readonly columns: readonly Column<Row>[];
    readonly rows: readonly Row[];
    readonly keyOf: (row: Row) => string;
    /** Rows shown before someone asks for all. */
    readonly firstRows?: number;
}

/** Scrolls sideways inside itself on narrow screens, by keyboard too; the page never does. */
export function Table<Row>({ caption, columns, rows, keyOf, firstRows = Number.POSITIVE_INFINITY }: TableProps<Row>) {
    const [all, setAll] = useState(false);
    const shown = all ? rows : rows.slice(0, firstRows);
    const body = (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1)
        <section className="overflow-x-auto" tabIndex={0} aria-label={caption}>
            <table className="w-full border-collapse text-sm">
                <caption className="sr-only">{caption}</caption>
                <thead>
                    <tr className="border-line border-y bg-sunken/60 text-left">
                        {columns.map((column) => (
                            <th
                                key={column.key}
                                scope="col"
                                className={classNames(
                                    'whitespace-nowrap px-3 py-2 align-bottom font-medium text-muted first:pl-4 last:pr-4 sm:first:pl-6 sm:last:pr-6',
                                    column.numeric && 'text-right',
                                )}
                            >
                                {column.header}
                                {column.note ? <span className="block text-xs font-normal">{column.note}</span> : null}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {shown.map((row) => (
                        <tr key={keyOf(row)} className="border-line border-b align-top last:border-b-0">
                            {columns.map((column) => (
                                <td
                                    key={column.key}
                                    className={classNames(
                                        'px-3 py-2 first:pl-4 last:pr-4 sm:first:pl-6 sm:last:pr-6',
                                        column.numeric && 'whitespace-nowrap text-right',
                                    )}
                                >
                                    {column.cell(row)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </section>
    );
    if (rows.length <= firstRows) return body;
    return (
        <>
            {body}
            <div className="border-line border-t p-2 text-center">
                <Button size="small" look="quiet" aria-expanded={all} onClick={() => setAll((value) => !value)}>
                    {all ? `Show the first ${firstRows}` : `Show all ${rows.length}`}
                </Button>
            </div>
        </>
    );
}
