import type { ProgramName } from '@ocm/sdk';
import * as sdk from '@ocm/sdk';

/** How a field of an account is compared in filters. */
export type FilterField = { field: string; type: 'address' | 'text' | 'integer' };

/** One type of account: where it stands in the database and in the HTTP interface, and what lists can be filtered by. */
export type AccountKind = {
    /** Name in the IDL. */
    type: string;
    program: ProgramName;
    /** `/v1/<path>`. */
    path: string;
    table: string;
    filters: readonly FilterField[];
    decode: (data: Uint8Array) => object;
};

const addresses = (...fields: string[]): FilterField[] => fields.map((field) => ({ field, type: 'address' }));
const texts = (...fields: string[]): FilterField[] => fields.map((field) => ({ field, type: 'text' }));
const integers = (...fields: string[]): FilterField[] => fields.map((field) => ({ field, type: 'integer' }));

const kind = (
    program: ProgramName,
    type: string,
    path: string,
    decode: AccountKind['decode'],
    filters: readonly FilterField[] = [],
): AccountKind => ({ program, type, path, table: path.replaceAll('-', '_'), decode, filters });

/** Every type of account of the programs; columns and tables of each are made by migrations. */
export const ACCOUNT_KINDS: readonly AccountKind[] = [
    kind('registry', 'Participant', 'participants', sdk.decodeParticipant, [
        ...addresses('owner', 'stakeMint'),
        ...texts('kind', 'status'),
    ]),
    kind('registry', 'Node', 'nodes', sdk.decodeNode, [...addresses('participant'), ...texts('role', 'status')]),
    kind('market', 'CapacityClaim', 'claims', sdk.decodeCapacityClaim, [
        ...addresses('node', 'participant'),
        ...texts('direction', 'status'),
    ]),
    kind('market', 'Offer', 'offers', sdk.decodeOffer, [...addresses('participant', 'mint'), ...texts('status')]),
    kind('market', 'Contract', 'contracts', sdk.decodeContract, [
        ...addresses('contentProvider', 'seller', 'offer', 'mint'),
        ...texts('state'),
    ]),
    kind('settlement', 'DeliveryCommitment', 'commitments', sdk.decodeDeliveryCommitment, [
        ...addresses('contract'),
        ...texts('state'),
        ...integers('epoch', 'kind'),
    ]),
    kind('settlement', 'LeafChallenge', 'challenges', sdk.decodeLeafChallenge, [
        ...addresses('commitment', 'contract', 'challenger'),
        ...texts('state'),
    ]),
    kind('settlement', 'SlaReport', 'sla-reports', sdk.decodeSlaReport, addresses('commitment', 'auditor')),
    kind('market', 'Lot', 'lots', sdk.decodeLot, [...addresses('contentProvider', 'mint'), ...texts('status')]),
    kind('market', 'Bid', 'bids', sdk.decodeBid, [...addresses('lot', 'bidder'), ...texts('status')]),
    kind('market', 'Bounty', 'bounties', sdk.decodeBounty, addresses('contentProvider', 'mint')),
    kind('market', 'PriceHistory', 'price-histories', sdk.decodePriceHistory, addresses('mint')),
    kind('settlement', 'RewardPool', 'reward-pools', sdk.decodeRewardPool, addresses('creator', 'mint')),
    kind('settlement', 'RewardStatus', 'reward-statuses', sdk.decodeRewardStatus, addresses('pool', 'owner')),
    kind('registry', 'Pool', 'pools', sdk.decodePool, addresses('creator')),
    kind('registry', 'OperatorTerms', 'operator-terms', sdk.decodeOperatorTerms, addresses('participant')),
    kind('registry', 'NodeConsent', 'node-consents', sdk.decodeNodeConsent, addresses('node', 'participant')),
    kind('registry', 'Beacon', 'beacons', sdk.decodeBeacon, [...addresses('owner'), ...texts('status')]),
    kind('registry', 'BeaconPage', 'beacon-pages', sdk.decodeBeaconPage),
    kind('registry', 'BeaconRegistry', 'beacon-registries', sdk.decodeBeaconRegistry),
    kind('registry', 'Config', 'configs', sdk.decodeConfig),
    kind('registry', 'ClosedParticipant', 'closed-participants', sdk.decodeClosedParticipant, addresses('owner')),
    kind('governance', 'Board', 'boards', sdk.decodeBoard, addresses('creator')),
    kind('governance', 'Proposal', 'proposals', sdk.decodeProposal, [...addresses('board'), ...texts('status')]),
    kind('governance', 'ProposalInstruction', 'proposal-instructions', sdk.decodeProposalInstruction, [
        ...addresses('proposal'),
    ]),
];

/** `contentProvider` → `content_provider`, the column of a filter. */
export const columnOf = ({ field }: Pick<FilterField, 'field'>): string =>
    `f_${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
