import type { ChainGateway } from '@ocm/runtime';
import type { Params } from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';

/** What a migration may use. */
export type MigrationContext = {
    gateway: ChainGateway;
    /** Pays, and is the programs' upgrade authority. */
    deployer: Keypair;
    settings: MarketSettings;
    onProgress?: (text: string) => void;
};

/** What the market starts with. Everything in it can be changed later only by the board, except `development`. */
export type MarketSettings = {
    board: Keypair;
    guardian: PublicKey;
    treasury: PublicKey;
    /** 1/10,000 of each settled net; at most 500. */
    feeBasisPoints: number;
    /** Lowers the bounds of time windows to one second, for ever and visibly: for clusters without money. */
    development: boolean;
    /** Mints that stakes and contracts may use, at most four. */
    mints: PublicKey[];
    params: Params;
    /** Who may upgrade the programs from now on; without it they stay with the deployer. */
    upgradeAuthority?: UpgradeAuthority;
};

/** Cannot be taken back by who hands it over, so it is named twice: a typing error then is no loss. */
export type UpgradeAuthority = { address: PublicKey; confirmation: PublicKey };

/** One step, in order, idempotent: a second run finds everything in place and changes nothing. */
export type Migration = {
    name: string;
    run(context: MigrationContext): Promise<MigrationOutcome>;
};

export type MigrationOutcome = {
    changed: boolean;
    detail: string;
    /** The transaction that changed something, where it was one. */
    signature?: string;
};
