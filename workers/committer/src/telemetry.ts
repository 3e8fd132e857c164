import { Counter, errorCodeOf, errorMessageOf, Gauge, type Metrics } from '@ocm/runtime';
import type { CommitterStatus } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { Commitment } from './ports.js';

/** More than a person reads; the log has them all. */
const MAX_TROUBLES = 100;

/** What the committer has done and what it cannot do, for `/metrics` and for `/v1/status`. */
export class Telemetry {
    readonly #participant: string;
    readonly #open: Gauge<'state'>;
    readonly #samples: Counter;
    readonly #answers: Counter;
    readonly #balance: Gauge<'wallet'>;
    readonly #totals = { samplesProven: 0, challengesAnswered: 0, withdrawals: 0 };
    readonly #troubles = new Map<string, CommitterStatus['troubles'][number]>();
    readonly #wallets = new Map<string, number>();
    #states: Record<string, number> = {};

    constructor({ participant, metrics }: { participant: string; metrics: Metrics }) {
        const registers = [metrics.registry];
        this.#participant = participant;
        this.#open = new Gauge({
            name: 'committer_commitments',
            help: 'Commitments on chain that are not closed, by state',
            labelNames: ['state'],
            registers,
        });
        this.#samples = new Counter({
            name: 'committer_samples_proven_total',
            help: 'Samples whose inclusion and evidence this process has proved',
            registers,
        });
        this.#answers = new Counter({
            name: 'committer_challenges_answered_total',
            help: 'Challenges that this process has answered',
            registers,
        });
        this.#balance = new Gauge({
            name: 'committer_wallet_balance_lamports',
            help: 'What the wallets that pay for transactions have left',
            labelNames: ['wallet'],
            registers,
        });
    }

    saw(commitments: readonly Commitment[]): void {
        this.#states = {};
        for (const { state } of commitments) this.#states[state] = (this.#states[state] ?? 0) + 1;
        this.#open.reset();
        for (const [state, count] of Object.entries(this.#states)) this.#open.set({ state }, count);
    }

    sampleProven(): void {
        this.#totals.samplesProven += 1;
        this.#samples.inc();
    }

    challengeAnswered(): void {
        this.#totals.challengesAnswered += 1;
        this.#answers.inc();
    }

    withdrew(): void {
        this.#totals.withdrawals += 1;
    }

    balance(wallet: string, lamports: number): void {
        this.#wallets.set(wallet, lamports);
        this.#balance.set({ wallet }, lamports);
    }

    trouble(account: PublicKey, error: unknown): void {
        const name = account.toBase58();
        const message = errorMessageOf(error).slice(0, 500);
        // The newest stand last; an account that has ended is never cleared, so the oldest make room.
        this.#troubles.delete(name);
        this.#troubles.set(name, { account: name, code: errorCodeOf(error), message });
        const [oldest] = this.#troubles.keys();
        if (this.#troubles.size > MAX_TROUBLES && oldest !== undefined) this.#troubles.delete(oldest);
    }

    clear(account: PublicKey): void {
        this.#troubles.delete(account.toBase58());
    }

    status(): CommitterStatus {
        return {
            participant: this.#participant,
            commitmentsByState: this.#states,
            ...this.#totals,
            walletLamports: Object.fromEntries(this.#wallets),
            troubles: [...this.#troubles.values()],
        };
    }
}
