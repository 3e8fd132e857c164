import { MAX_INDEXED_PROGRAMS } from '../limits.js';
import type { AccountView } from '../types.js';
import type { Svm } from './svm.js';

/**
 * Accounts by owning program, kept for the programs that were asked for.
 *
 * Reading all accounts of a program out of the runtime costs some 10 µs each, and a marketplace view asks again every
 * few seconds; here only accounts touched since the last question are read again.
 */
export class ProgramAccountIndex {
    private readonly programs = new Map<string, Map<string, AccountView>>();
    private readonly touched = new Set<string>();

    constructor(private readonly svm: Svm) {}

    /** Marks accounts as possibly changed. */
    touch(addresses: Iterable<string>): void {
        if (this.programs.size === 0) return;
        for (const address of addresses) this.touched.add(address);
    }

    /** All accounts a program owns now. */
    list(program: string): ReadonlyMap<string, AccountView> {
        this.refresh();
        let accounts = this.programs.get(program);
        if (accounts === undefined) accounts = this.svm.getProgramAccounts(program);
        else this.programs.delete(program);
        // Unknown programs are not remembered: a caller must not be able to fill the index with random addresses.
        if (accounts.size > 0) this.programs.set(program, accounts);
        this.evict();
        return accounts;
    }

    private refresh(): void {
        for (const address of this.touched) {
            const account = this.svm.getAccount(address);
            for (const [program, accounts] of this.programs) {
                if (account?.owner === program) accounts.set(address, account);
                else accounts.delete(address);
            }
        }
        this.touched.clear();
    }

    private evict(): void {
        while (this.programs.size > MAX_INDEXED_PROGRAMS) {
            const oldest = this.programs.keys().next().value;
            if (oldest === undefined) return;
            this.programs.delete(oldest);
        }
    }
}
