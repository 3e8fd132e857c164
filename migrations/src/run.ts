import { deployPrograms } from './chain/0001-deploy-programs.js';
import { initialiseConfig } from './chain/0002-initialise-config.js';
import { allowMints } from './chain/0003-allow-mints.js';
import { handOverUpgradeAuthority } from './chain/0004-hand-over-upgrade-authority.js';
import type { Migration, MigrationContext, MigrationOutcome } from './migration.js';

export const MIGRATIONS: readonly Migration[] = [
    deployPrograms,
    initialiseConfig,
    allowMints,
    handOverUpgradeAuthority,
];

/**
 * Runs every migration in order. Idempotent: what stands is left alone.
 *
 * @param onDone told each migration's outcome as it ends.
 * @throws Error naming the migration that failed; those before it stand, and the next run goes on from there.
 */
export async function migrate(
    context: MigrationContext,
    onDone: (name: string, outcome: MigrationOutcome) => void = () => undefined,
): Promise<{ changed: boolean }> {
    let changed = false;
    for (const { name, run } of MIGRATIONS) {
        const outcome = await run(context).catch((cause: unknown) => {
            throw new Error(`migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
                cause,
            });
        });
        changed ||= outcome.changed;
        onDone(name, outcome);
    }
    return { changed };
}
