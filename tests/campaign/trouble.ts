/** What is wrong with the world at this moment; the RPC in front of the workers and the origin look here. */
export class Trouble {
    #rpc: { kind: 'outage' | 'limited'; untilMs: number } | undefined;
    #origin: { kind: 'trickle' | 'hang'; untilMs: number } | undefined;

    get rpc(): 'outage' | 'limited' | undefined {
        return performance.now() < (this.#rpc?.untilMs ?? 0) ? this.#rpc?.kind : undefined;
    }
    get origin(): 'trickle' | 'hang' | undefined {
        return performance.now() < (this.#origin?.untilMs ?? 0) ? this.#origin?.kind : undefined;
    }

    troubleRpc(kind: 'outage' | 'limited', forMs: number): void {
        this.#rpc = { kind, untilMs: performance.now() + forMs };
    }
    troubleOrigin(kind: 'trickle' | 'hang', forMs: number): void {
        this.#origin = { kind, untilMs: performance.now() + forMs };
    }
    end(): void {
        this.#rpc = undefined;
        this.#origin = undefined;
    }
}
