import type { Commitment, Contract, Model } from '../model/state.js';
import type { Random } from '../random.js';

export const SELLERS = ['s0', 's1'] as const;
export const BUYERS = ['c0', 'c1'] as const;
export const AUDITORS = ['a0', 'a1', 'a2', 'a3'] as const;
export const PARTIES = ['s0', 's1', 's2', 's3', ...BUYERS, ...AUDITORS] as const;
/** Sellers who bid for lots; the last two post no offers. */
export const BIDDERS = [...SELLERS, 's2', 's3'] as const;
/** Holds tokens and is nobody in the marketplace. */
export const STRANGER = 'x';

/** How often a proposal takes what fits, and how often it tries what does not. */
const OFTEN = 0.85;
const SELDOM = 0.2;

/** One of what there is, preferably one that fits. */
export function prefer<Item>(random: Random, items: Iterable<Item>, fits: (item: Item) => boolean): Item | null {
    const all = [...items];
    const fitting = all.filter(fits);
    if (fitting.length > 0 && random.chance(OFTEN)) return random.pick(fitting);
    return all.length > 0 && random.chance(SELDOM) ? random.pick(all) : null;
}

export const partOf = (contract: string) => {
    const [buyer = '', seller = ''] = contract.split(':');
    return { buyer, seller };
};

export const walletTokens = (model: Model, name: string) => model.wallets.get(name) ?? 0n;

/** Moves tokens in or out of a wallet. */
export function addTokens(model: Model, name: string, amount: bigint): void {
    model.wallets.set(name, walletTokens(model, name) + amount);
}

/** A contract, preferably one that fits. */
export function pickContract(
    model: Model,
    random: Random,
    fits: (contract: Contract) => boolean = () => true,
): Contract | null {
    return prefer(random, model.contracts.values(), fits);
}

/** A commitment, preferably one that fits. */
export function pickCommitment(
    model: Model,
    random: Random,
    fits: (commitment: Commitment) => boolean = () => true,
): Commitment | null {
    return prefer(random, model.commitments.values(), fits);
}

export interface CommitmentParams {
    readonly contract: string;
    readonly epoch: number;
    readonly kind: number;
}

export const idOf = ({ contract, epoch, kind }: CommitmentParams) => `${contract}:${epoch}:${kind}`;
export const paramsOf = ({ contract, epoch, kind }: CommitmentParams): CommitmentParams => ({ contract, epoch, kind });

/** Accounts of a contract and, for instructions that free capacity, of its offer. */
export const contractAccounts = (contract: string) => ({
    contract: `contract:${contract}`,
    vault: `vault:${contract}`,
});
export const claimAndNode = (offer: string) => {
    const [seller] = offer.split(':');
    return [`claim:${offer}`, `node:${seller}`];
};
/** Name of the claim that serves a contract; an offer's claim has its name. */
export const offerOf = ({ offer }: Contract) => `${offer.seller}:${offer.index}`;

/** The commitment of an id as `idOf` makes it. */
export function commitmentParams(id: string): CommitmentParams {
    const [buyer, seller, nonce, epoch, kind] = id.split(':');
    return { contract: `${buyer}:${seller}:${nonce}`, epoch: Number(epoch), kind: Number(kind) };
}

export const findCommitment = (model: Model, params: CommitmentParams) => model.commitments.get(idOf(params));

/** Another commitment of the contract: whether it is ready is another question. */
export const isOfSameContract = ({ contract }: CommitmentParams, account: string, other: string) =>
    account === 'commitment' && other.startsWith(`commitment:${contract}:`);
