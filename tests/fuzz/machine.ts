import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAM_NAMES } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import litesvm from 'litesvm/dist/internal.js';
import { type Address, at, type TokenProgram } from './addresses.js';
import { slotHashesAt } from './model/slots.js';

const { Account, Clock, ComputeBudget, LiteSvm } = litesvm;
const LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
const SLOTS_PER_EPOCH = 432_000n;
const PROGRAM_DATA_META_BYTES = 45;
const SYSTEM_OWNER = new Uint8Array(32);

/** The runtime with the three programs in it; no signatures, no blockhashes, no history: only the programs' own rules. */
export class Machine {
    private readonly svm = new LiteSvm();
    private slot = 0;
    private slotHashesOf = -1;
    private readonly saved = new Map<string, InstanceType<typeof Account> | null>();

    constructor(
        programsDir: string,
        deployer: Address,
        /** Of the marketplace's mint. */
        readonly tokens: TokenProgram,
    ) {
        this.svm.setSigverify(false);
        this.svm.setBlockhashCheck(false);
        this.svm.setTransactionHistory(0n);
        this.svm.setLogBytesLimit(0n);
        const budget = new ComputeBudget();
        budget.computeUnitLimit = 1_400_000n;
        this.svm.setComputeBudget(budget);
        for (const name of PROGRAM_NAMES) this.load(at(`program:${name}`), join(programsDir, `${name}.so`), deployer);
    }

    /** As the upgradeable loader would leave it, so that the configuration finds who may create it. */
    private load(program: Address, path: string, authority: Address): void {
        const elf = readFileSync(path);
        const [dataKey] = PublicKey.findProgramAddressSync([program.bytes], LOADER);
        const data = Buffer.alloc(PROGRAM_DATA_META_BYTES + elf.length);
        data.writeUInt32LE(3, 0);
        data[12] = 1;
        data.set(authority.bytes, 13);
        data.set(elf, PROGRAM_DATA_META_BYTES);
        const owner = LOADER.toBytes();
        const rent = (bytes: number) => this.svm.minimumBalanceForRentExemption(BigInt(bytes));
        this.svm.setAccount(dataKey.toBytes(), new Account(rent(data.length), data, owner, false, 0n));
        const image = Buffer.alloc(36);
        image.writeUInt32LE(2, 0);
        image.set(dataKey.toBytes(), 4);
        this.svm.setAccount(program.bytes, new Account(rent(36), image, owner, true, 0n));
    }

    /** The SlotHashes sysvar as the present slot sees it; written only for transactions that read it. */
    showSlotHashes(): void {
        if (this.slotHashesOf === this.slot) return;
        this.slotHashesOf = this.slot;
        const address = at('slotHashes').bytes;
        const before = this.svm.getAccount(address)!;
        this.svm.setAccount(
            address,
            new Account(before.lamports(), slotHashesAt(this.slot), before.owner(), false, 0n),
        );
    }

    /** Executes a transaction; null when it was accepted, else why not. */
    send(wire: Uint8Array): string | null {
        const result = this.svm.sendLegacyTransaction(wire);
        return 'err' in result ? describe(result.err()) : null;
    }

    /** The account's bytes; null when nothing stands there. */
    data(address: Address): Uint8Array | null {
        const account = this.svm.getAccount(address.bytes);
        if (account === null || account.lamports() === 0n) return null;
        return account.data();
    }

    lamports(address: Address): bigint {
        return this.svm.getBalance(address.bytes) ?? 0n;
    }

    fund(address: Address, lamports: bigint): void {
        this.svm.setAccount(address.bytes, new Account(lamports, new Uint8Array(), SYSTEM_OWNER, false, 0n));
    }

    setTime(now: number, slot: number): void {
        this.slot = slot;
        const epoch = BigInt(slot) / SLOTS_PER_EPOCH;
        this.svm.setClock(new Clock(BigInt(slot), 0n, epoch, epoch + 1n, BigInt(now)));
    }

    /**
     * Remembers how an account stands, unless it is remembered already; `restore` brings all of them back. Not programs:
     * no transaction can change one, and one put back late in an episode is of the future to the next.
     */
    remember(address: Address): void {
        if (this.saved.has(address.name)) return;
        const account = this.svm.getAccount(address.bytes);
        if (!account?.executable()) this.saved.set(address.name, account);
    }

    restore(): void {
        for (const [name, account] of this.saved) {
            this.svm.setAccount(at(name).bytes, account ?? new Account(0n, new Uint8Array(), SYSTEM_OWNER, false, 0n));
        }
    }
}

/** What the runtime says of a refusal, in one line. */
function describe(error: unknown): string {
    if (typeof error === 'number') return `transaction error ${error}`;
    const outer = error as { err?: () => unknown; index?: number };
    const inner = outer.err?.();
    if (typeof inner === 'number') return `instruction error ${inner}`;
    const code = (inner as { code?: number } | undefined)?.code;
    return code === undefined ? String(error) : `custom error ${code}`;
}
