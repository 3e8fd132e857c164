/** `Promise.all` over `items` with at most `limit` under way; results in the order of the items. */
export async function mapLimited<Item, Result>(
    items: readonly Item[],
    limit: number,
    run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
    const results = new Array<Result>(items.length);
    let next = 0;
    const worker = async () => {
        while (next < items.length) {
            const index = next++;
            results[index] = await run(items[index] as Item);
        }
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    return results;
}
