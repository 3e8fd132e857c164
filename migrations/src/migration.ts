import type { ChainGateway } from '@ocm/runtime';
import type { Keypair, PublicKey } from '@solana/web3.js';

/** What a migration may use. `deployer` pays, and is the programs' upgrade authority. */
export type MigrationContext = {
    gateway: ChainGateway;
    deployer: Keypair;
    settings: MarketSettings;
    onProgress?: (text: string) => void;
};

/** What the market starts with. Everything in it can be changed later only by the board, except `development`. */
export type MarketSettings = {
    board: Keypair;
    guardian: PublicKey;
    treasury: PublicKey;
    feeBasisPoints: number;
    /** Lowers the bounds of time windows to one second, for ever and visibly: for clusters without money. */
    development: boolean;
    /** Mints that stakes and contracts may use. */
    mints: PublicKey[];
    params: MarketParams;
};

/** Parameters of protocol 6.15 that a deployment chooses; all else takes the protocol's default. */
export type MarketParams = {
    epochLengthsSecs: number[];
    commitDelaySecs: number;
    commitWindowSecs: number;
    cosignWindowSecs: number;
    settleWindowSecs: number;
    tokenGraceSecs: number;
};

/** One step, in order, idempotent: a second run finds everything in place and changes nothing. */
export type Migration = {
    name: string;
    run(context: MigrationContext): Promise<{ changed: boolean; detail: string }>;
};
