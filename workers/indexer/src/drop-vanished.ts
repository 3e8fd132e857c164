import { deleteEvents, markStale } from './ingest-transactions.js';
import type { Chain, Database, Statement } from './ports.js';

/**
 * Takes back what the cluster took back: transactions that were confirmed, are not listed any more, and that the cluster
 * does not know at a slot at which it should. Their accounts are read anew.
 * @returns the signatures dropped.
 */
export async function dropVanished(
    { chain, database }: { chain: Chain; database: Database },
    listed: ReadonlySet<string>,
): Promise<string[]> {
    const rows = await database.all('SELECT signature, slot, touched FROM transactions WHERE final = 0');
    const missing = rows.filter(({ signature }) => !listed.has(String(signature)));
    if (missing.length === 0) return [];
    const { slot, known } = await chain.findKnown(missing.map(({ signature }) => String(signature)));
    const gone = missing.filter((row) => !known.has(String(row.signature)) && Number(row.slot) <= slot);
    const statements = gone.flatMap(({ signature, touched }): Statement[] => [
        ...deleteEvents(String(signature)),
        ...(typeof touched === 'string' ? (JSON.parse(touched) as string[]).map(markStale) : []),
        { sql: 'DELETE FROM transactions WHERE signature = ?', params: [String(signature)] },
    ]);
    await database.batch(statements);
    return gone.map(({ signature }) => String(signature));
}
