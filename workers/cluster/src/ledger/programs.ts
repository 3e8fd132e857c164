import { decodeBase58, UPGRADEABLE_LOADER } from './addresses.js';
import { programDataAddress } from './derived-addresses.js';
import type { Ledger } from './ledger.js';

export const LOADERS: ReadonlySet<string> = new Set([
    UPGRADEABLE_LOADER,
    'BPFLoader2111111111111111111111111111111111',
    'BPFLoader1111111111111111111111111111111111',
]);

const PROGRAM_DATA_META_BYTES = 45;
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** A program cannot be put in place; the message says why. */
export class ProgramLoadError extends Error {
    override readonly name = 'ProgramLoadError';
}

export interface ProgramImage {
    /** Base58. */
    readonly programId: string;
    readonly elf: Uint8Array;
    /** Base58; null makes the program final. */
    readonly upgradeAuthority: string | null;
}

function programDataState(slot: bigint, authority: string | null, elf: Uint8Array): Uint8Array {
    const data = Buffer.alloc(PROGRAM_DATA_META_BYTES + elf.length);
    data.writeUInt32LE(3, 0);
    data.writeBigUInt64LE(slot, 4);
    if (authority !== null) {
        data[12] = 1;
        data.set(decodeBase58(authority), 13);
    }
    data.set(elf, PROGRAM_DATA_META_BYTES);
    return data;
}

/**
 * Puts a program where a deployment through the upgradeable loader would have put it: a Program account and its
 * ProgramData with the upgrade authority in it, so that programs that look their authority up find it.
 */
export function loadUpgradeableProgram(ledger: Ledger, image: ProgramImage): void {
    if (!ELF_MAGIC.every((byte, index) => image.elf[index] === byte)) {
        throw new ProgramLoadError(
            `the file for program ${image.programId} is not an ELF image; build it for SBF first`,
        );
    }
    const address = programDataAddress(image.programId);
    // Slot 0: a program deployed in the current slot could not be called before the next one.
    const data = programDataState(0n, image.upgradeAuthority, image.elf);
    const program = Buffer.alloc(36);
    program.writeUInt32LE(2, 0);
    program.set(decodeBase58(address), 4);
    const common = { owner: UPGRADEABLE_LOADER, rentEpoch: 0n };
    const dataLamports = ledger.minimumBalance(data.length);
    ledger.setAccount(address, { ...common, lamports: dataLamports, data, executable: false });
    const lamports = ledger.minimumBalance(program.length);
    try {
        ledger.setAccount(image.programId, { ...common, lamports, data: program, executable: true });
    } catch (cause) {
        ledger.setAccount(address, { ...common, lamports: 0n, data: new Uint8Array(), executable: false });
        throw new ProgramLoadError(`the file for program ${image.programId} is no program the runtime can load`, {
            cause,
        });
    }
}
