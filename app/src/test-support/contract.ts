import { Keypair, PublicKey } from '@solana/web3.js';
import type { ChainCommitment, ChainContract, ChainContracts } from '../features/contracts/server/read-contracts';

/** Builders for tests; nothing of the product imports them. */
export const addressOf = (name: string): PublicKey =>
    Keypair.fromSeed(new Uint8Array(32).fill([...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 251, 7)))
        .publicKey;

export const TOKEN_PROGRAM = new PublicKey('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA');

export function contractAccount(change: Partial<ChainContract> = {}): ChainContract {
    return {
        address: addressOf('contract'),
        contentProvider: addressOf('provider'),
        seller: addressOf('seller'),
        nonce: 0n,
        offer: addressOf('offer'),
        mint: addressOf('mint'),
        tokenProgram: TOKEN_PROGRAM,
        vault: addressOf('vault'),
        issuer: [addressOf('issuer'), PublicKey.default],
        issuerFromEpoch: [0, 0],
        genesisAt: 1_000n,
        epochLengthSecs: 20,
        epochCount: 3,
        committedKilobitsPerSecond: 40_000n,
        capKilobitsPerSecond: 80_000n,
        pricePerGigabyte: [5_000_000n, 0n, 0n],
        commitFeePerEpoch: 1_000n,
        sla: {
            quorum: 0,
            maxPenaltyBasisPoints: 5_000,
            severeBasisPoints: 5_000,
            slashBasisPoints: 0,
            tiers: [{ metric: 0, threshold: 999_000, basisPoints: 500 }],
        },
        splits: [
            { payee: addressOf('operator'), basisPoints: 7_000 },
            { payee: addressOf('cast'), basisPoints: 3_000 },
        ],
        claims: [addressOf('claim')],
        claimShares: [40_000n],
        feeBasisPoints: 200,
        treasury: addressOf('treasury'),
        paramsHash: new Uint8Array(32),
        prefundEpochs: 2,
        commitDelaySecs: 1,
        commitWindowSecs: 30,
        cosignWindowSecs: 60,
        settleWindowSecs: 60,
        slashMultiplierBasisPoints: 20_000,
        state: 'active',
        cumBytes: [12_000_000n, 0n, 0n],
        grossTotal: [60_000n, 0n, 0n],
        penaltyTotal: 0n,
        topUpTotal: 0n,
        paidTotal: 60_000n,
        openGross: 500n,
        owed: [41_160n, 17_640n, 0n, 0n, 0n, 0n, 0n, 0n, 1_200n],
        openCommitments: 1,
        settledCommitments: 1,
        historySize: 1n,
        historyFrontier: [],
        depositedTotal: 20_000_000n,
        rentPayer: addressOf('provider'),
        bondTotal: 10_000n,
        bondFree: 9_000n,
        heldTotal: 0n,
        slashPending: 0n,
        committedEpoch: 1,
        committedKinds: 1,
        committedBytes: 100_000n,
        proveWindowSecs: 3_600,
        challengeWindowSecs: 21_600,
        challengeResponseSecs: 3_600,
        tokenGraceSecs: 600,
        seedDelaySlots: 64,
        livenessSlashBasisPoints: 2_500,
        challengeBond: 1_000_000n,
        maxTokenBytes: 1n << 36n,
        clusterTag: 7,
        ...change,
    };
}

export function commitmentAccount(change: Partial<ChainCommitment> = {}): ChainCommitment {
    return {
        address: addressOf('commitment'),
        contract: addressOf('contract'),
        epoch: 1,
        kind: 0,
        root: new Uint8Array(32).fill(9),
        depth: 1,
        leafCount: 1,
        totalBytes: 100_000n,
        manifestHash: new Uint8Array(32),
        slaSummary: { availabilityPpm: 1_000_000, errorPpm: 0, ttfbP95Ms: 10, stallPpm: 0, sessions: 1 },
        gross: 500n,
        lock: 1_000n,
        committedSlot: 10n,
        committedAt: 1_041n,
        seedTargetSlot: 74n,
        rearms: 0,
        seed: new Uint8Array(32),
        samples: 0,
        inclusionBits: 0,
        evidenceBits: 0,
        sampleLeaves: [],
        openChallenges: 0,
        failReason: 0,
        state: 'committed',
        rentPayer: addressOf('seller'),
        deadline: 2_000n,
        closableAt: 3_000n,
        seededAt: 0n,
        slaSource: 'seller',
        freeChallenges: 0,
        challengeCount: 0,
        reportCount: 0,
        ...change,
    };
}

export function chainOf(contract: ChainContract, commitments: readonly ChainCommitment[]): ChainContracts {
    return {
        contracts: [contract],
        commitments: new Map([[contract.address.toBase58(), commitments]]),
        owners: new Map([[contract.seller.toBase58(), addressOf('wallet of seller').toBase58()]]),
        decimals: new Map([[contract.mint.toBase58(), 6]]),
        balances: new Map([[contract.vault.toBase58(), 19_000_000n]]),
    };
}
