/** Runs over the items in their order, at most `limit` at a time; the first error ends it once what has begun is over. */
export async function forEachConcurrently<T>(
    items: readonly T[],
    limit: number,
    run: (item: T) => Promise<void>,
): Promise<void> {
    const left = items.values();
    const failures: unknown[] = [];
    const work = async () => {
        for (let next = left.next(); !next.done && failures.length === 0; next = left.next())
            await run(next.value).catch((error: unknown) => void failures.push(error));
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
    if (failures.length > 0) throw failures[0];
}
