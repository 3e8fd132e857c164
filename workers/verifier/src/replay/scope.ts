import type { DecodedInstruction } from '../chain/idl.js';

const OPENINGS: readonly string[] = ['accept_offer', 'award_bid'];

/** Which instructions are one contract's: those that name it, its commitments, their challenges, or post its offer. */
export class Scope {
    readonly commitments = new Set<string>();
    readonly #challenges = new Set<string>();
    #offer: string | undefined;

    constructor(readonly contract: string) {}

    /** The offer that the contract was made from, once its opening was seen. */
    get offer(): string | undefined {
        return this.#offer;
    }

    learn({ program, name, accounts }: DecodedInstruction): void {
        if (accounts.contract !== this.contract) return;
        if (program === 'market' && OPENINGS.includes(name)) this.#offer = accounts.offer;
        if (name === 'commit_delivery' && accounts.commitment !== undefined) this.commitments.add(accounts.commitment);
        if (name === 'challenge_leaf' && accounts.challenge !== undefined) this.#challenges.add(accounts.challenge);
    }

    concerns({ program, name, accounts }: DecodedInstruction): boolean {
        if (program === 'market' && name === 'post_offer')
            return accounts.offer !== undefined && accounts.offer === this.#offer;
        const { contract, commitment, challenge } = accounts;
        if (contract !== undefined) return contract === this.contract;
        if (commitment !== undefined && this.commitments.has(commitment)) return true;
        return challenge !== undefined && this.#challenges.has(challenge);
    }
}

/** Instructions after whose block's moment something is told that can be checked by it. */
export const TIMED_INSTRUCTIONS: ReadonlySet<string> = new Set(['commit_delivery', 'challenge_leaf']);
