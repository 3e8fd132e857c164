import { type CacheEntry, variantKey } from './entry.js';
import type { Fill } from './fill.js';
import type { HeaderMap } from './headers.js';

/** What one fetch led to: an entry that is complete (a 304, or a stale one standing in), or a body on its way. */
export type Outcome =
    | { kind: 'entry'; entry: CacheEntry }
    | { kind: 'fill'; fill: Fill; status: number; headers: HeaderMap; stored: boolean };

export interface Flight {
    /** Fields sent to the parent: with `Vary` they decide whom the response suits. */
    headers: HeaderMap;
    outcome: Promise<Outcome>;
}

const headersOf = (outcome: Outcome): HeaderMap => (outcome.kind === 'fill' ? outcome.headers : outcome.entry.headers);

/** Fetches under way, by primary key. */
export class FlightTable {
    readonly #flights = new Map<string, Flight[]>();

    /** The fetch to wait for: one with the same fields, else any of the same object, as most do not vary. */
    find(key: string, headers: HeaderMap): Flight | undefined {
        const flights = this.#flights.get(key) ?? [];
        return this.findSame(key, headers) ?? flights[0];
    }

    findSame(key: string, headers: HeaderMap): Flight | undefined {
        const wanted = JSON.stringify(headers);
        return this.#flights.get(key)?.find((flight) => JSON.stringify(flight.headers) === wanted);
    }

    /** @param fetch gets a function to call when nobody may join any more */
    start(key: string, headers: HeaderMap, fetch: (onLanded: () => void) => Promise<Outcome>): Flight {
        const land = (): void => this.#land(key, flight);
        const flight: Flight = { headers, outcome: fetch(() => land()) };
        this.#flights.set(key, [...(this.#flights.get(key) ?? []), flight]);
        flight.outcome.catch(land);
        return flight;
    }

    #land(key: string, flight: Flight): void {
        const left = (this.#flights.get(key) ?? []).filter((other) => other !== flight);
        if (left.length === 0) this.#flights.delete(key);
        else this.#flights.set(key, left);
    }
}

/** Whether the response to a request with fields `asked` is also the response to one with fields `wanted`. */
export function suits(outcome: Outcome, asked: HeaderMap, wanted: HeaderMap): boolean {
    const { vary } = headersOf(outcome);
    return variantKey('', vary, asked) === variantKey('', vary, wanted);
}
