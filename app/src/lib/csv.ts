/** RFC 4180. A leading `=`, `+`, `-` or `@` is quoted with an apostrophe: labels come from strangers and spreadsheets run formulas. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
    const header = Object.keys(rows[0] ?? {});
    const lines = [header.map(cell), ...rows.map((row) => header.map((name) => cell(row[name])))];
    return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function cell(value: unknown): string {
    const text =
        value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
