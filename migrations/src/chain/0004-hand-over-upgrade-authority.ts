import { PROGRAM_IDS } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { findProgramDataAddress, setLoaderAuthority } from '../loader/instructions.js';
import { readProgram } from '../loader/read-program.js';
import type { Migration, MigrationContext } from '../migration.js';
import { PROGRAM_NAMES, type ProgramName } from '../program-artefacts.js';
import { assertUpgradeAuthority } from '../upgrade-authority.js';

/** The programs that the deployer still holds; refuses when somebody else holds one. */
async function listHeldPrograms(context: MigrationContext, next: PublicKey): Promise<ProgramName[]> {
    const held: ProgramName[] = [];
    for (const name of PROGRAM_NAMES) {
        const program = await readProgram(context.gateway.connection, PROGRAM_IDS[name]);
        const holder = program?.upgradeAuthority;
        if (holder?.equals(next)) continue;
        if (!holder?.equals(context.deployer.publicKey)) {
            throw new Error(
                `${name} can be handed over only by ${holder?.toBase58() ?? 'nobody (it is final or missing)'}`,
            );
        }
        held.push(name);
    }
    return held;
}

/** Hands every program's upgrade authority to a vault, where the settings name one; all of them or none. */
export const handOverUpgradeAuthority: Migration = {
    name: '0004-hand-over-upgrade-authority',
    async run(context) {
        const { gateway, deployer, settings } = context;
        if (!settings.upgradeAuthority) return { changed: false, detail: 'the programs stay with the deployer' };
        assertUpgradeAuthority(settings.upgradeAuthority);
        const next = settings.upgradeAuthority.address;
        const held = await listHeldPrograms(context, next);
        const detail = `the programs may be upgraded by ${next.toBase58()}`;
        if (held.length === 0) return { changed: false, detail };
        const { signature } = await gateway.sendInstructions({
            label: 'hand over the upgrade authority',
            payer: deployer,
            instructions: held.map((name) =>
                setLoaderAuthority({
                    account: findProgramDataAddress(PROGRAM_IDS[name]),
                    authority: deployer.publicKey,
                    newAuthority: next,
                }),
            ),
        });
        return { changed: true, detail, signature };
    },
};
