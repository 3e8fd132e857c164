import type { TransactionView } from '../../live/snapshot';
import { describeEvent, isEcho, textOf, type WordsContext } from '../event-words';
import type { LoggedTransaction } from './transaction-log';

/** Transactions pushed to pages; the rest stays on the server. */
export const MAX_SHOWN = 200;

export function toTransactionViews(
    transactions: readonly LoggedTransaction[],
    context: WordsContext,
): TransactionView[] {
    return transactions.slice(0, MAX_SHOWN).map(({ signature, slot, atSecs, failed, events }) => ({
        signature,
        slot,
        atSecs,
        failed,
        events: events
            .map((event) => ({ name: event.name, words: describeEvent(event, context), echo: isEcho(event.name) }))
            .sort((a, b) => Number(a.echo) - Number(b.echo)),
        contracts: [...new Set(events.flatMap(({ data }) => textOf(data.contract) ?? []))],
    }));
}
