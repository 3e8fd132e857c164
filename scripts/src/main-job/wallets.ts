import { type ChainGateway, readKeypair, readOrCreateKeypair } from '@ocm/runtime';
import { type Keypair, LAMPORTS_PER_SOL, type PublicKey, SystemProgram } from '@solana/web3.js';
import type { StateFolder } from './state-folder.js';

/** Who acts in the main job, and what each needs for fees and rent. Payees only receive, so they start with fees alone. */
const STARTING_LAMPORTS = {
    /** Deploys the programs and is the board: rent of the programs, buffers included. */
    deployer: 90 * LAMPORTS_PER_SOL,
    operator: LAMPORTS_PER_SOL,
    'operator-hot': LAMPORTS_PER_SOL,
    'content-provider': LAMPORTS_PER_SOL,
    'content-provider-hot': LAMPORTS_PER_SOL,
    /** Anyone: settles, and closes what is done. */
    crank: LAMPORTS_PER_SOL,
    'cast-operator': LAMPORTS_PER_SOL / 10,
    'beacon-pool': LAMPORTS_PER_SOL / 10,
    treasury: LAMPORTS_PER_SOL / 10,
} as const;

/** Signs session tokens and nothing else, so it needs no lamports. */
const UNFUNDED = ['issuer'] as const;

export type WalletName = keyof typeof STARTING_LAMPORTS | (typeof UNFUNDED)[number];
export type Wallets = Record<WalletName, Keypair>;

export function walletPath(state: StateFolder, name: WalletName): string {
    return state.path('keys', `${name}.json`);
}

export async function openWallets(state: StateFolder): Promise<Wallets> {
    const names = [...(Object.keys(STARTING_LAMPORTS) as WalletName[]), ...UNFUNDED];
    const entries = await Promise.all(
        names.map(async (name) => [name, await readOrCreateKeypair(walletPath(state, name))] as const),
    );
    return Object.fromEntries(entries) as Wallets;
}

async function airdrop(gateway: ChainGateway, to: PublicKey, lamports: number): Promise<void> {
    const signature = await gateway.connection.requestAirdrop(to, lamports);
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
        const { value } = await gateway.connection.getSignatureStatuses([signature]);
        const status = value[0];
        if (status?.err) throw new Error(`airdrop to ${to.toBase58()} failed: ${JSON.stringify(status.err)}`);
        if (status && status.confirmationStatus !== 'processed') return;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`airdrop to ${to.toBase58()} was not confirmed within 30 s`);
}

async function transferMissing(
    gateway: ChainGateway,
    from: Keypair,
    missing: { wallet: Keypair; lamports: number }[],
): Promise<void> {
    const total = missing.reduce((sum, { lamports }) => sum + lamports, 0);
    const balance = await gateway.connection.getBalance(from.publicKey, 'confirmed');
    if (balance < total + LAMPORTS_PER_SOL / 100) {
        throw new Error(
            `the wallet ${from.publicKey.toBase58()} holds ${balance / LAMPORTS_PER_SOL} SOL and ${total / LAMPORTS_PER_SOL} SOL are needed; send the difference to it and run again`,
        );
    }
    await gateway.sendInstructions({
        label: 'fund the wallets',
        payer: from,
        instructions: missing.map(({ wallet, lamports }) =>
            SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: wallet.publicKey, lamports }),
        ),
    });
}

/**
 * Tops up each wallet that has less than half of what it starts with: from the cluster's faucet, or from the wallet at
 * `WALLET`.
 *
 * @throws Error naming the wallet, its balance and what is missing.
 */
export async function fundWallets(
    gateway: ChainGateway,
    wallets: Wallets,
    payerPath: string | undefined,
): Promise<void> {
    const names = Object.keys(STARTING_LAMPORTS) as (keyof typeof STARTING_LAMPORTS)[];
    const balances = await gateway.connection.getMultipleAccountsInfo(
        names.map((name) => wallets[name].publicKey),
        'confirmed',
    );
    const missing = names.flatMap((name, index) => {
        const lamports = STARTING_LAMPORTS[name] - (balances[index]?.lamports ?? 0);
        return lamports > STARTING_LAMPORTS[name] / 2 ? [{ name, wallet: wallets[name], lamports }] : [];
    });
    if (missing.length === 0) return;
    if (payerPath) {
        await transferMissing(gateway, readKeypair(payerPath), missing);
        return;
    }
    try {
        await Promise.all(missing.map(({ wallet, lamports }) => airdrop(gateway, wallet.publicKey, lamports)));
    } catch (cause) {
        const { name, wallet, lamports } = missing[0]!;
        throw new Error(
            `the wallet '${name}' (${wallet.publicKey.toBase58()}) has no funds and the cluster gives none: send it ${lamports / LAMPORTS_PER_SOL} SOL, or name a funded keypair file in WALLET`,
            { cause },
        );
    }
}
