import type { Fill } from './fill.js';
import type { HeaderMap } from './headers.js';
import { isSelected, selectingOf } from './semantics/vary.js';
import type { CacheEntry } from './stored-response.js';

/** What one fetch led to: an entry that is complete (a 304, or a stale one standing in), or a body on its way. */
export type Outcome =
    | { kind: 'entry'; entry: CacheEntry }
    | {
          kind: 'fill';
          fill: Fill;
          status: number;
          /** For the one whose request was sent. */
          headers: HeaderMap;
          /** For all others: without what is meant for one viewer. */
          sharedHeaders: HeaderMap;
          stored: boolean;
      };

export interface Flight {
    /** Fields sent to the parent: with `Vary` they decide whom the response suits. */
    headers: HeaderMap;
    outcome: Promise<Outcome>;
    followers: number;
}
/** What a fetch is told of its flight. */
export interface FlightControl {
    /** Nobody may join any more. */
    land(): void;
    /** What was fetched was changed meanwhile: it may be sent to those who wait, but not be stored (RFC 9111 4.4). */
    isOutdated(): boolean;
}

const headersOf = (outcome: Outcome): HeaderMap =>
    outcome.kind === 'fill' ? outcome.headers : outcome.entry.response.headers;

/** Fetches under way, by URL. */
export class FlightTable {
    readonly #flights = new Map<string, Flight[]>();
    readonly #outdated = new WeakSet<Flight>();

    /** The fetch to wait for: one with the same fields, else any of the same object, as most do not vary. */
    find(key: string, headers: HeaderMap): Flight | undefined {
        const flights = this.#flights.get(key) ?? [];
        return this.findSame(key, headers) ?? flights[0];
    }

    findSame(key: string, headers: HeaderMap): Flight | undefined {
        const flights = this.#flights.get(key);
        if (flights === undefined) return undefined;
        const wanted = JSON.stringify(headers);
        return flights.find((flight) => JSON.stringify(flight.headers) === wanted);
    }

    start(key: string, headers: HeaderMap, fetch: (control: FlightControl) => Promise<Outcome>): Flight {
        const control = { land: () => this.#land(key, flight), isOutdated: () => this.#outdated.has(flight) };
        // Begun in a later turn, because it may land at once.
        const flight: Flight = { headers, outcome: Promise.resolve().then(() => fetch(control)), followers: 0 };
        this.#flights.set(key, [...(this.#flights.get(key) ?? []), flight]);
        flight.outcome.catch(control.land);
        return flight;
    }

    /** Ends the flights of a URL for all who come later. */
    invalidate(isKey: (key: string) => boolean): void {
        for (const [key, flights] of this.#flights) {
            if (!isKey(key)) continue;
            for (const flight of flights) this.#outdated.add(flight);
            this.#flights.delete(key);
        }
    }

    #land(key: string, flight: Flight): void {
        const left = (this.#flights.get(key) ?? []).filter((other) => other !== flight);
        if (left.length === 0) this.#flights.delete(key);
        else this.#flights.set(key, left);
    }
}

/** Whether the response to a request with fields `asked` is also the response to one with fields `wanted`. */
export function suits(outcome: Outcome, asked: HeaderMap, wanted: HeaderMap): boolean {
    const { vary, 'content-language': language } = headersOf(outcome);
    return isSelected(selectingOf(vary, asked), language, wanted);
}
