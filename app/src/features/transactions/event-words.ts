import { formatBytes, formatRate, shorten } from '../../lib/format';

export interface WordsContext {
    /** An amount in base units, of the contract's mint where the event names a contract. */
    readonly money: (baseUnits: bigint, contract: string | null) => string;
    readonly nameOf: (address: string) => string | null;
}

type Data = Readonly<Record<string, unknown>>;

/** What each event means, in the past tense; unknown ones are spelt out from their names. */
const SENTENCES: Readonly<Record<string, string>> = {
    ConfigInitialized: 'Marketplace initialised',
    MintAllowed: 'Token allowed for contracts',
    StakeVaultCreated: 'Stake vault created',
    ParticipantRegistered: 'Participant registered',
    HotKeySet: 'Routine key set',
    StakeDeposited: 'Stake deposited',
    UnbondRequested: 'Unbonding requested',
    UnbondCancelled: 'Unbonding cancelled',
    StakeWithdrawn: 'Stake withdrawn',
    StakeLocked: 'Stake locked behind a commitment',
    StakeUnlocked: 'Stake unlocked',
    NodeRegistered: 'Node registered',
    NodeUpdated: 'Node updated',
    NodeCapacityReserved: 'Node capacity reserved',
    NodeCapacityReleased: 'Node capacity released',
    CapacityClaimed: 'Capacity claimed',
    CapacityClaimRetired: 'Capacity claim retired',
    OfferPosted: 'Offer posted',
    OfferWithdrawn: 'Offer withdrawn',
    ContractProposed: 'Contract agreed',
    ContractBegun: 'Contract entered in the registry',
    ContractEnded: 'Contract left the registry',
    ContractFunded: 'Escrow funded',
    ContractActivated: 'Contract active',
    ExcessWithdrawn: 'Free escrow withdrawn',
    ContractCancelled: 'Contract cancelled',
    ContractClosingBegun: 'Contract closing',
    ContractSettled: 'Contract settled',
    ContentProviderRefunded: 'Rest of the escrow refunded',
    ContractClosed: 'Contract closed',
    DeliveryCommitted: 'Deliveries committed',
    DeliveryCosigned: 'Deliveries co-signed',
    DeliverySettled: 'Deliveries settled',
    CommitmentExpired: 'Commitment expired',
    PayoutWithdrawn: 'Payout withdrawn',
    CommitmentClosed: 'Commitment account closed',
    ContractBonded: 'Stake bound to the contract',
    BondReleased: 'Bond released',
    SlashCollected: 'Slash collected for the content provider',
    ContractTerminated: 'Contract terminated with notice',
    LotCreated: 'Lot put out for bids',
    BidCommitted: 'Sealed bid made',
    BidRevealed: 'Bid revealed',
    LotCleared: 'Lot cleared',
    BidAwarded: 'Bid awarded',
    BidDepositReleased: 'Bid deposit released',
    LotClosed: 'Lot closed',
    PriceHistoryOpened: 'Price history opened',
    BountyCreated: 'Bounty put up',
    BountyPaid: 'Bounty paid',
    BountyRefunded: 'Rest of the bounty refunded',
    IssuerRotated: 'Token issuer changed',
    PayoutReleased: 'Released from the vault',
    ParamsQueued: 'New parameters announced',
    ParamsApplied: 'New parameters in force',
    ParamsCancelled: 'Announced parameters dropped',
    AuthoritiesQueued: 'New authorities announced',
    AuthoritiesApplied: 'New authorities in force',
    AuthoritiesCancelled: 'Announced authorities dropped',
    Paused: 'New business paused',
    Unpaused: 'Pause lifted',
    BoardCreated: 'Board created',
    BoardUpdated: 'Seats and rules of the board changed',
    ProposalCreated: 'Proposal drafted',
    InstructionAdded: 'Instruction added to a proposal',
    InstructionDataAppended: 'Instruction of a proposal completed',
    VotingOpened: 'Vote on a proposal opened',
    VoteCast: 'Vote cast',
    ProposalQueued: 'Proposal passed, waiting for its time lock',
    ProposalRejected: 'Proposal rejected',
    ProposalCancelled: 'Proposal taken back',
    ProposalExecuted: 'Proposal executed',
    ProposalClosed: 'Proposal account closed',
};

/** One program's entry about what another program's event in the same transaction says already. */
const ECHOES: ReadonlySet<string> = new Set(['PayoutReleased', 'ContractBegun', 'ContractEnded']);

export function isEcho(name: string): boolean {
    return ECHOES.has(name);
}

/** Fields that carry money, in the order in which they are worth reading. */
const MONEY_FIELDS: readonly (readonly [field: string, word: string])[] = [
    ['amount', ''],
    ['gross', 'gross '],
    ['penalty', 'refund '],
    ['net', 'net '],
    ['fee', 'fee '],
];

export function spellName(name: string): string {
    const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
    return words.charAt(0).toUpperCase() + words.slice(1);
}

export function textOf(value: unknown): string | null {
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value !== null && 'toBase58' in value && typeof value.toBase58 === 'function'
        ? String(value.toBase58())
        : null;
}

export function describeEvent(event: { name: string; data: Data }, context: WordsContext): string {
    const { name, data } = event;
    const contract = textOf(data.contract);
    const parts: string[] = [];
    if (typeof data.role === 'string') parts.push(data.role.toUpperCase());
    if (typeof data.kind === 'string') parts.push(spellName(data.kind).toLowerCase());
    if (typeof data.epoch === 'number') parts.push(`epoch ${data.epoch}`);
    const bytes = data.totalBytes ?? data.bytes;
    if (typeof bytes === 'bigint') parts.push(formatBytes(bytes));
    const rate = data.kilobitsPerSecond ?? data.committedKilobitsPerSecond ?? data.claimEgressKilobitsPerSecond;
    if (typeof rate === 'bigint') parts.push(formatRate(rate));
    for (const [field, word] of MONEY_FIELDS) {
        const amount = data[field];
        if (typeof amount === 'bigint' && (amount > 0n || field === 'amount')) {
            parts.push(`${word}${context.money(amount, contract)}`);
        }
    }
    const payee = textOf(data.payee);
    if (payee) parts.push(`to ${context.nameOf(payee) ?? shorten(payee)}`);
    const sentence = SENTENCES[name] ?? spellName(name);
    return parts.length > 0 ? `${sentence}: ${parts.join(', ')}` : sentence;
}
