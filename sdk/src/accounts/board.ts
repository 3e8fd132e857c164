import type { PublicKey } from '@solana/web3.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** One member's place on a board. */
export interface Seat {
    /** The key that votes, usually a participant's owner. */
    readonly member: PublicKey;
    /** Where every weight is 1, each seat has one vote. */
    readonly weight: number;
}

/** A board and its rules. */
export interface Board {
    /** Chose the first seats; has no power over the board. */
    readonly creator: PublicKey;
    readonly id: number;
    /** Whether the least times are lowered to one second. */
    readonly development: boolean;
    /** In the order in which proposals keep their ballots; at most sixteen. */
    readonly seats: readonly Seat[];
    /** Sum of weights that decides. */
    readonly threshold: number;
    /** From a decision to its execution. */
    readonly timelockSecs: number;
    readonly votingPeriodSecs: number;
    /** Grows with each change of seats and rules; proposals of an earlier epoch are void. */
    readonly seatsEpoch: number;
    /** Proposals made so far; also the number of the next one. */
    readonly proposalCount: bigint;
}

const reader = createReader(
    'governance',
    'Board',
    ({ version, bump, vaultBump, reserved, seatCount, ...board }): Board => ({
        ...board,
        seats: board.seats.slice(0, seatCount),
    }),
);

/** Reads a board from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeBoard = reader.decode;

/**
 * A board, or null when none stands at the address (`findBoardAddress`).
 *
 * @throws MarketplaceError as `decodeBoard`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const board = await fetchBoard(connection, findBoardAddress({ creator, id: 0 }));
 */
export function fetchBoard(connection: AccountSource, address: PublicKey): Promise<WithAddress<Board> | null> {
    return reader.fetch(connection, address);
}

/**
 * All boards.
 *
 * @throws MarketplaceError as `fetchBoard`.
 * @example const boards = await listBoards(connection);
 */
export function listBoards(connection: AccountListSource): Promise<WithAddress<Board>[]> {
    return reader.list(connection);
}
