'use client';

import { toCsv } from '../lib/csv';
import { Button } from './button';

interface ExportButtonsProps {
    readonly name: string;
    readonly rows: () => readonly Readonly<Record<string, unknown>>[];
}

function download(name: string, type: string, text: string) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
}

export function ExportButtons({ name, rows }: ExportButtonsProps) {
    return (
        <>
            <Button
                size="small"
                look="quiet"
                aria-label={`Export ${name} as CSV`}
                onClick={() => download(`${name}.csv`, 'text/csv', toCsv(rows()))}
            >
                CSV
            </Button>
            <Button
                size="small"
                look="quiet"
                aria-label={`Export ${name} as JSON`}
                onClick={() => download(`${name}.json`, 'application/json', JSON.stringify(rows(), null, 2))}
            >
                JSON
            </Button>
        </>
    );
}
