import { clear, mostPerBidder } from '../model/lots.js';
import { isPaused, PAUSE } from '../model/rules.js';
import type { LotTerms, Model } from '../model/state.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { addTokens, BUYERS, PARTIES } from './common.js';
import { LOT_SLA, type LotParams, lotBuyer, packFootprint, packSla, pickLot } from './lot-common.js';
import { operation } from './types.js';

interface CreateParams extends LotParams, LotTerms {}

const MAX_LOTS = 2;
const MAX_LEAD_SECS = 30 * 86_400;

function proposeTerms(model: Model, random: Random): LotTerms {
    const phase = () => random.pick([10, 20, 40, random.chance(0.1) ? 9 : 60]);
    const commitEndsAt = model.now + phase() + random.int(0, 10);
    const revealEndsAt = commitEndsAt + phase();
    return {
        rate: random.pick([30_000n, 90_000n, 300_000n, random.chance(0.1) ? 20_000n : 100_000n]),
        unit: random.chance(0.95) ? 10_000n : 7_000n,
        capBasisPoints: random.pick([10_000, 20_000, random.chance(0.1) ? 9_999 : 15_001]),
        epochs: random.chance(0.97) ? random.int(1, 3) : 0,
        epochSecs: random.chance(0.97) ? 10 : 11,
        genesisAt: revealEndsAt + phase(),
        reservePrice: random.chance(0.97) ? random.pick([5_000n, 9_000n]) : 0n,
        deposit: random.chance(0.97) ? 1_000_000n : 0n,
        commitEndsAt,
        revealEndsAt,
    };
}

export const createLot = operation<CreateParams>({
    name: 'createLot',
    weight: 2,
    free: ['payer'],
    propose: (model, random) => {
        if (model.lots.size >= MAX_LOTS && random.chance(0.97)) return null;
        const buyer = random.chance(0.97) ? random.pick(BUYERS) : random.pick(PARTIES);
        return { lot: `${buyer}:${random.int(0, 9)}`, ...proposeTerms(model, random) };
    },
    call: (params) => {
        const buyer = lotBuyer(params);
        const pack = new Pack().u64(BigInt(params.lot.split(':')[1]!));
        packFootprint(pack).u8(3).u8(0).u64(params.rate).u64(params.unit).u32(params.capBasisPoints);
        pack.u32(params.epochs).u32(params.epochSecs).i64(params.genesisAt).u64(params.reservePrice);
        packSla(pack.u64(params.deposit), LOT_SLA).address('wallet:issuer');
        return {
            program: 'market',
            instruction: 'createLot',
            accounts: {
                owner: `wallet:${buyer}`,
                contentProvider: `participant:${buyer}`,
                lot: `lot:${params.lot}`,
                vault: `lotVault:${params.lot}`,
            },
            args: pack.i64(params.commitEndsAt).i64(params.revealEndsAt).done(),
        };
    },
    refusal: (model, params) => {
        const { rate, unit, capBasisPoints, epochs, epochSecs, reservePrice, deposit } = params;
        const buyer = model.participants.get(lotBuyer(params))!;
        if (isPaused(model, PAUSE.auctions)) return 'paused';
        if (model.lots.has(params.lot)) return 'it stands already';
        if (buyer.kind !== 'contentProvider' || buyer.jailed) return 'no content provider';
        if (!model.config.params.epochLengthsSecs.includes(epochSecs)) return 'an epoch length not allowed';
        if (rate % unit !== 0n || rate / unit < 3n) return 'a size that does not divide';
        const { commitEndsAt, revealEndsAt, genesisAt } = params;
        const isTimely = commitEndsAt - model.now >= epochSecs && revealEndsAt - commitEndsAt >= epochSecs;
        if (!isTimely || genesisAt - revealEndsAt < epochSecs) return 'a phase too short';
        if (genesisAt > model.now + MAX_LEAD_SECS) return 'too far ahead';
        if (capBasisPoints < 10_000 || capBasisPoints > 100_000) return 'a cap out of range';
        if (epochs < 1) return 'no epochs';
        return reservePrice === 0n || deposit === 0n ? 'nothing to pay' : null;
    },
    apply: (model, { lot: id, ...terms }) => {
        const books = { vault: 0n, bidCount: 0, openBids: 0, isCleared: false, price: 0n, awarded: 0n, standings: [] };
        model.lots.set(id, { ...terms, ...books, id, buyer: lotBuyer({ lot: id }) });
    },
});

export const clearLot = operation<LotParams>({
    name: 'clearLot',
    weight: 4,
    free: ['lot'],
    propose: (model, random) => {
        const lot = pickLot(
            model,
            random,
            (one) => !one.isCleared && model.now >= one.revealEndsAt && model.now < one.genesisAt,
        );
        return lot && { lot: lot.id };
    },
    call: ({ lot }) => ({
        program: 'market',
        instruction: 'clearLot',
        accounts: { lot: `lot:${lot}`, priceHistory: 'prices' },
    }),
    refusal: (model, { lot: id }) => {
        const lot = model.lots.get(id);
        if (!lot) return 'no such lot';
        if (lot.isCleared) return 'cleared already';
        if (model.now < lot.revealEndsAt) return 'bids may still be revealed';
        return model.now >= lot.genesisAt ? 'too late for contracts' : null;
    },
    apply: (model, { lot }) => clear(model.lots.get(lot)!),
});

export const closeLot = operation<LotParams>({
    name: 'closeLot',
    weight: 2,
    free: ['payer'],
    isHarmless: ({ lot }, account, other) => account === 'lot' && other === `lot:${lot}`,
    propose: (model, random) => {
        const lot = pickLot(model, random, (one) => model.now >= one.commitEndsAt && one.openBids === 0);
        return lot && { lot: lot.id };
    },
    call: (params) => ({
        program: 'market',
        instruction: 'closeLot',
        accounts: {
            contentProvider: `participant:${lotBuyer(params)}`,
            owner: `wallet:${lotBuyer(params)}`,
            lot: `lot:${params.lot}`,
            rentPayer: 'wallet:payer',
            vault: `lotVault:${params.lot}`,
            ownerTokenAccount: `tokens:${lotBuyer(params)}`,
        },
    }),
    refusal: (model, { lot: id }) => {
        const lot = model.lots.get(id);
        if (!lot) return 'no such lot';
        if (model.now < lot.commitEndsAt) return 'bids may still come';
        return lot.openBids > 0 ? 'deposits are in it' : null;
    },
    apply: (model, { lot: id }) => {
        const lot = model.lots.get(id)!;
        addTokens(model, lot.buyer, lot.vault);
        model.lots.delete(id);
    },
});

export const isWhole = (terms: Pick<LotTerms, 'rate' | 'unit'>, rate: bigint) =>
    rate > 0n && rate % terms.unit === 0n && rate <= mostPerBidder(terms);
