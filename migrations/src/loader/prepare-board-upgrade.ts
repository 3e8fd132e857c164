import type { ChainGateway } from '@ocm/runtime';
import type { Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';
import { extendProgram, setLoaderAuthority, upgradeProgram } from './instructions.js';
import { readProgram } from './read-program.js';
import { writeProgramBuffer } from './write-program.js';

/**
 * Writes a program's new bytes into a buffer of the board's vault and makes room for them. From then on nobody but the
 * vault can change the buffer: what members read before they vote is what will run.
 *
 * @returns the instruction to put into a proposal.
 * @throws Error when nothing is deployed at the address, or somebody else may upgrade it.
 */
export async function prepareBoardUpgrade(input: {
    gateway: ChainGateway;
    payer: Keypair;
    program: PublicKey;
    bytes: Uint8Array;
    vault: PublicKey;
}): Promise<TransactionInstruction> {
    const { gateway, payer, program, bytes, vault } = input;
    const deployed = await readProgram(gateway.connection, program);
    if (!deployed?.upgradeAuthority?.equals(vault)) {
        throw new Error(
            `${program.toBase58()} may be upgraded only by ${deployed?.upgradeAuthority?.toBase58() ?? 'nobody'}, not by the vault ${vault.toBase58()}`,
        );
    }
    const buffer = await writeProgramBuffer({ gateway, payer, program: bytes });
    const missingBytes = bytes.length - deployed.bytes.length;
    await gateway.sendInstructions({
        label: 'give the buffer to the vault',
        payer,
        instructions: [
            ...(missingBytes > 0 ? [extendProgram(program, payer.publicKey, missingBytes)] : []),
            setLoaderAuthority({ account: buffer, authority: payer.publicKey, newAuthority: vault }),
        ],
    });
    return upgradeProgram({ program, buffer, authority: vault, spill: payer.publicKey });
}
