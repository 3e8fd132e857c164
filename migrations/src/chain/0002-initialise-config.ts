import { fetchConfig, getInitializeConfigInstructions } from '@ocm/sdk';
import type { Migration } from '../migration.js';

/** Creates the one `Config`: who governs, who takes the fee, and the protocol's parameters. */
export const initialiseConfig: Migration = {
    name: '0002-initialise-config',
    async run({ gateway, deployer, settings }) {
        const existing = await fetchConfig(gateway.connection);
        if (existing) return { changed: false, detail: `governed by ${existing.board.toBase58()}` };
        const { signature } = await gateway.sendInstructions({
            label: 'initialise the configuration',
            payer: deployer,
            instructions: await getInitializeConfigInstructions({
                upgradeAuthority: deployer.publicKey,
                board: settings.board.publicKey,
                guardian: settings.guardian,
                treasury: settings.treasury,
                clusterTag: await gateway.clusterTag(),
                development: settings.development,
                feeBasisPoints: settings.feeBasisPoints,
                params: settings.params,
            }),
        });
        return { changed: true, detail: `governed by ${settings.board.publicKey.toBase58()}`, signature };
    },
};
