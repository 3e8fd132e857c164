import { contractAddress, vaultAddress, ZERO_ADDRESS } from '../chain/address.js';
import type { Fields } from '../chain/borsh.js';
import { blankStruct, PROGRAM_IDS } from '../chain/idl.js';
import { u64 } from '../protocol/bytes.js';
import { maxEpochGross } from '../protocol/money.js';
import type { ContractBooks } from './books.js';
import { accountOf, type Handler, type Ledger, type Step } from './ledger.js';
import { SOURCE_TERMS, takeParameters, takeTerms, termsOfOffer } from './terms.js';

const CONTRACT_VERSION = 2;

/** What the registry's configuration gave to the contract. */
export type Parameters = { fields: Fields; paramsHash: string };
export type OpeningDeps = {
    /** From the copy's parameters; null where the configuration has changed since. */
    parameters: Parameters | null;
    /** The contract's account, whose word is taken for what nothing else tells. */
    account: Fields | null;
};

/** The offer is posted before its contracts are made; its arguments are signed by the seller. */
export const postOffer = ({ instruction, ledger }: Pick<Step, 'instruction' | 'ledger'>): void => {
    ledger.offer = { args: instruction.args, claims: [...instruction.rest] };
};

export function createOpening({ parameters, account }: OpeningDeps): { acceptOffer: Handler; awardBid: Handler } {
    function open(step: Step, own: Partial<ContractBooks>, source: Fields | null): void {
        const { ledger, findings, file, where } = step;
        const market = PROGRAM_IDS.market;
        const [contentProvider, seller] = [accountOf(step, 'contentProvider'), sellerOf(step)];
        const books = { ...blankStruct('market', 'Contract'), ...own } as unknown as ContractBooks;
        Object.assign(books, takeTerms(source, account, SOURCE_TERMS));
        if (source === null)
            findings.note(
                'terms: copied from a lot and its bid, or from an offer that is not in the copy; taken from the account, not recomputed',
            );
        if (parameters === null)
            findings.note(
                'parameters: the configuration has changed since the contract was made; taken from the account',
            );
        Object.assign(books, parameters === null ? takeParameters(account) : parameters.fields);
        const paramsHash = parameters?.paramsHash ?? account?.paramsHash;
        const derived = contractAddress(market, contentProvider, seller, u64(books.nonce));
        Object.assign(books, {
            version: CONTRACT_VERSION,
            bump: derived.bump,
            contentProvider,
            seller,
            paramsHash: paramsHash ?? '',
            tokenProgram: accountOf(step, 'tokenProgram'),
            mint: accountOf(step, 'mint'),
            vault: vaultAddress(market, ledger.address).address,
            rentPayer: accountOf(step, 'payer'),
        });
        if (derived.address !== ledger.address) findings.add(file, where, 'makes a contract at another address');
        ledger.contract = books;
        ledger.states = new Set(['proposed']);
        // For each claim its account and its node.
        for (const [place, address] of step.instruction.rest.entries()) if (place % 2 === 1) ledger.nodes.add(address);
    }

    return {
        acceptOffer(step) {
            const { args } = step.instruction;
            const { offer } = step.ledger;
            const source = offer === null ? null : termsOfOffer(offer);
            const { nonce, committedKilobitsPerSecond, capKilobitsPerSecond, claimShares, epochCount, genesisAt } =
                args;
            open(
                step,
                {
                    nonce,
                    committedKilobitsPerSecond,
                    capKilobitsPerSecond,
                    claimShares,
                    epochCount,
                    genesisAt,
                    issuer: [args.issuer, ZERO_ADDRESS],
                    offer: accountOf(step, 'offer'),
                } as Partial<ContractBooks>,
                source,
            );
            tellProposed(step, offer === null ? null : args.verifiedOnly === true || offer.args.verifiedOnly === true);
        },
        awardBid(step) {
            const known = [
                'nonce',
                'committedKilobitsPerSecond',
                'capKilobitsPerSecond',
                'claimShares',
                'epochCount',
                'genesisAt',
                'issuer',
                'issuerFromEpoch',
                'offer',
            ] as const;
            open(step, takeTerms(null, account, known) as Partial<ContractBooks>, null);
            tellProposed(step, null);
            tellAwarded(step);
        },
    };
}

function tellAwarded(step: Step): void {
    const { contract: books, address } = step.ledger as Ledger & { contract: ContractBooks };
    step.events.expect('BidAwarded', {
        lot: accountOf(step, 'lot'),
        bid: accountOf(step, 'bid'),
        bidder: sellerOf(step),
        contract: address,
        awardedKilobitsPerSecond: books.committedKilobitsPerSecond,
        // The clearing price is that of every method that the lot asked for.
        pricePerGigabyte: (price) => typeof price === 'bigint' && books.pricePerGigabyte.includes(price),
    });
}

const sellerOf = (step: Step): string => accountOf(step, 'seller') || accountOf(step, 'bidder');

function tellProposed(step: Step, verifiedOnly: boolean | null): void {
    const { contract: books, address } = step.ledger as Ledger & { contract: ContractBooks };
    const isFlag = (told: unknown) => typeof told === 'boolean';
    let before: bigint | null = null;
    step.events.expect('ContractProposed', {
        contract: address,
        contentProvider: books.contentProvider,
        seller: books.seller,
        offer: books.offer,
        committedKilobitsPerSecond: books.committedKilobitsPerSecond,
        capKilobitsPerSecond: books.capKilobitsPerSecond,
        offerRemainingAfter: (told) => {
            before = (told as bigint) + books.committedKilobitsPerSecond;
            return true;
        },
        offerRemainingBefore: (told) => before === null || told === before,
        genesisAt: books.genesisAt,
        epochLengthSecs: books.epochLengthSecs,
        epochCount: books.epochCount,
        // Before genesis no epoch has passed.
        reserve: BigInt(Math.min(books.prefundEpochs, books.epochCount)) * maxEpochGross(books),
        paramsHash: books.paramsHash,
        verifiedOnly: verifiedOnly ?? isFlag,
    });
}
