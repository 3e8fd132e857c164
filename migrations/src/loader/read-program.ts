import { type Connection, PublicKey } from '@solana/web3.js';
import { findProgramDataAddress, PROGRAM_DATA_HEADER_BYTES, UPGRADEABLE_LOADER } from './instructions.js';

/** What stands at a program's address: its bytes (with the zero padding of its account) and who may upgrade it. */
export type DeployedProgram = { bytes: Uint8Array; upgradeAuthority: PublicKey | null; slot: bigint };

/**
 * Reads an upgradeable program.
 *
 * @returns null when nothing is deployed at the address.
 * @throws Error when the address belongs to something that is no upgradeable program.
 */
export async function readProgram(connection: Connection, program: PublicKey): Promise<DeployedProgram | null> {
    const [account, programData] = await connection.getMultipleAccountsInfo(
        [program, findProgramDataAddress(program)],
        'confirmed',
    );
    if (!account) return null;
    if (!account.owner.equals(UPGRADEABLE_LOADER) || !account.executable) {
        throw new Error(
            `${program.toBase58()} is not an upgradeable program: it belongs to ${account.owner.toBase58()}`,
        );
    }
    if (!programData || programData.data.length < PROGRAM_DATA_HEADER_BYTES) {
        throw new Error(`the program ${program.toBase58()} was closed: its address cannot be deployed to again`);
    }
    const header = programData.data.subarray(0, PROGRAM_DATA_HEADER_BYTES);
    return {
        bytes: programData.data.subarray(PROGRAM_DATA_HEADER_BYTES),
        slot: header.readBigUInt64LE(4),
        upgradeAuthority: header[12] === 1 ? new PublicKey(header.subarray(13, 45)) : null,
    };
}

/** Whether the deployed bytes are `program` followed by nothing but the account's zero padding. */
export function hasSameBytes(deployed: Uint8Array, program: Uint8Array): boolean {
    if (deployed.length < program.length) return false;
    if (Buffer.compare(deployed.subarray(0, program.length), program) !== 0) return false;
    return deployed.subarray(program.length).every((byte) => byte === 0);
}
