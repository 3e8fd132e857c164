import {
    fetchConfig,
    findStakeVaultAddress,
    getAllowMintInstructions,
    getCreateStakeVaultInstructions,
} from '@ocm/sdk';
import type { Migration } from '../migration.js';

/** Puts each mint on the allow-list and opens its stake vault. */
export const allowMints: Migration = {
    name: '0003-allow-mints',
    async run({ gateway, deployer, settings }) {
        const config = await fetchConfig(gateway.connection);
        if (!config) throw new Error('the configuration is missing: run the migrations in order');
        let signature: string | undefined;
        for (const mint of settings.mints) {
            const account = await gateway.connection.getAccountInfo(mint, 'confirmed');
            if (!account) throw new Error(`the mint ${mint.toBase58()} does not exist on this cluster`);
            const vault = await gateway.connection.getAccountInfo(findStakeVaultAddress({ mint }), 'confirmed');
            const isAllowed = config.mints.some((allowed) => allowed.equals(mint));
            const instructions = [
                ...(isAllowed ? [] : await getAllowMintInstructions({ board: settings.board.publicKey, mint })),
                ...(vault
                    ? []
                    : await getCreateStakeVaultInstructions({
                          payer: deployer.publicKey,
                          mint,
                          tokenProgram: account.owner,
                      })),
            ];
            if (instructions.length === 0) continue;
            const signers = settings.board.publicKey.equals(deployer.publicKey) ? [] : [settings.board];
            ({ signature } = await gateway.sendInstructions({
                label: `allow the mint ${mint.toBase58()}`,
                payer: deployer,
                signers,
                instructions,
            }));
        }
        const detail = `${settings.mints.length} mint(s) allowed, stake vaults open`;
        return signature ? { changed: true, detail, signature } : { changed: false, detail };
    },
};
