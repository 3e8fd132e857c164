import { deriveDevelopmentProgramSeed, PROGRAM_IDS } from '@ocm/sdk';
import { Keypair, PublicKey, SystemProgram } from '@solana/web3.js';
import {
    deployProgram,
    extendProgram,
    PROGRAM_ACCOUNT_BYTES,
    UPGRADEABLE_LOADER,
    upgradeProgram,
} from '../loader/instructions.js';
import { hasSameBytes, readProgram } from '../loader/read-program.js';
import { writeProgramBuffer } from '../loader/write-program.js';
import type { Migration, MigrationContext } from '../migration.js';
import { PROGRAM_NAMES, type ProgramName, readProgramArtefact } from '../program-artefacts.js';

type Outcome = 'deployed' | 'upgraded' | 'unchanged';

/** Room for one later upgrade to grow without `ExtendProgram`: the loader charges rent for it at once. */
const SPARE_PERCENT = 10;

async function deployFirst(context: MigrationContext, name: ProgramName, bytes: Uint8Array): Promise<void> {
    const { gateway, deployer } = context;
    const program = Keypair.fromSeed(deriveDevelopmentProgramSeed(name));
    if (!program.publicKey.equals(PROGRAM_IDS[name])) {
        throw new Error(
            `${name} is not deployed at ${PROGRAM_IDS[name].toBase58()} and this address is not the development key's: deploy it with the keypair of that address`,
        );
    }
    const buffer = await writeProgramBuffer({ ...progressOf(context, name), gateway, payer: deployer, program: bytes });
    await gateway.sendInstructions({
        label: `deploy ${name}`,
        payer: deployer,
        signers: [program],
        instructions: [
            SystemProgram.createAccount({
                fromPubkey: deployer.publicKey,
                newAccountPubkey: program.publicKey,
                lamports: await gateway.connection.getMinimumBalanceForRentExemption(PROGRAM_ACCOUNT_BYTES),
                space: PROGRAM_ACCOUNT_BYTES,
                programId: UPGRADEABLE_LOADER,
            }),
            deployProgram({
                payer: deployer.publicKey,
                program: program.publicKey,
                buffer,
                authority: deployer.publicKey,
                maxDataBytes: Math.ceil((bytes.length * (100 + SPARE_PERCENT)) / 100),
            }),
        ],
    });
}

async function upgrade(
    context: MigrationContext,
    name: ProgramName,
    bytes: Uint8Array,
    roomBytes: number,
): Promise<void> {
    const { gateway, deployer } = context;
    const buffer = await writeProgramBuffer({ ...progressOf(context, name), gateway, payer: deployer, program: bytes });
    const program = new PublicKey(PROGRAM_IDS[name]);
    if (bytes.length > roomBytes) {
        await gateway.sendInstructions({
            label: `extend ${name}`,
            payer: deployer,
            instructions: [extendProgram(program, deployer.publicKey, bytes.length - roomBytes)],
        });
    }
    await gateway.sendInstructions({
        label: `upgrade ${name}`,
        payer: deployer,
        instructions: [upgradeProgram({ program, buffer, authority: deployer.publicKey, spill: deployer.publicKey })],
    });
}

function progressOf(context: MigrationContext, name: ProgramName) {
    return {
        onProgress: (written: number, total: number) =>
            context.onProgress?.(`${name}: ${Math.floor((100 * written) / total)} %`),
    };
}

async function deployOne(context: MigrationContext, name: ProgramName): Promise<Outcome> {
    const bytes = await readProgramArtefact(name);
    const deployed = await readProgram(context.gateway.connection, PROGRAM_IDS[name]);
    if (!deployed) {
        await deployFirst(context, name, bytes);
        return 'deployed';
    }
    if (hasSameBytes(deployed.bytes, bytes)) return 'unchanged';
    if (!deployed.upgradeAuthority?.equals(context.deployer.publicKey)) {
        throw new Error(
            `${name} at ${PROGRAM_IDS[name].toBase58()} differs from this checkout and may be upgraded only by ${deployed.upgradeAuthority?.toBase58() ?? 'nobody (it is final)'}`,
        );
    }
    await upgrade(context, name, bytes, deployed.bytes.length);
    return 'upgraded';
}

/** Deploys each program that is missing and upgrades each that differs. Programs that match are left alone. */
export const deployPrograms: Migration = {
    name: '0001-deploy-programs',
    async run(context) {
        const changed: string[] = [];
        for (const name of PROGRAM_NAMES) {
            const outcome = await deployOne(context, name);
            if (outcome !== 'unchanged') changed.push(`${name} ${outcome}`);
        }
        return { changed: changed.length > 0, detail: changed.join(', ') || 'all programs are deployed as built' };
    },
};
