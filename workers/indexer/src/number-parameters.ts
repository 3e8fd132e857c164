/** `?` → `$1`, `$2`…, as PostgreSQL has them; no statement of ours has a question mark otherwise. */
export function numberParameters(sql: string): string {
    let count = 0;
    return sql.replace(/\?/g, () => {
        count += 1;
        return `$${count}`;
    });
}
