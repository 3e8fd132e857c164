import { isRunning } from '../model/rules.js';
import type { Contract } from '../model/state.js';
import { Pack } from '../pack.js';
import { partOf, pickContract, STRANGER } from './common.js';
import { operation } from './types.js';

interface Params {
    readonly contract: string;
    readonly by: string;
    readonly notice: number;
}

const MIN_NOTICE_EPOCHS = 24;

/** The epochs that are left: the present one, and the notice after it (decision 0044). */
function epochsAfter({ genesisAt, offer }: Contract, notice: number, now: number): number {
    const ended = now < genesisAt ? 0 : Math.floor((now - genesisAt) / offer.epochSecs);
    return ended + 1 + notice;
}

export const terminateContract = operation<Params>({
    name: 'terminateContract',
    weight: 2,
    isHarmless: ({ contract }, account, other) => {
        const { buyer, seller } = partOf(contract);
        if (account === 'authority') return other === `wallet:${buyer}` || other === `wallet:${seller}`;
        return account === 'contract' && other.startsWith(`contract:${buyer}:${seller}:`);
    },
    propose: (model, random) => {
        const fits = (one: Contract) => isRunning(one) && epochsAfter(one, MIN_NOTICE_EPOCHS, model.now) < one.epochs;
        const contract = pickContract(model, random, fits);
        if (!contract) return null;
        const { buyer, seller, id } = contract;
        const notice = random.pick([24, 24, 25, random.chance(0.2) ? 23 : 26, random.chance(0.1) ? 0xffff_ffff : 30]);
        return { contract: id, by: random.pick([buyer, seller, random.chance(0.1) ? STRANGER : buyer]), notice };
    },
    call: ({ contract, by, notice }) => {
        const { buyer, seller } = partOf(contract);
        return {
            program: 'market',
            instruction: 'terminateContract',
            accounts: {
                authority: `wallet:${by}`,
                contentProvider: `participant:${buyer}`,
                seller: `participant:${seller}`,
                contract: `contract:${contract}`,
            },
            args: new Pack().u32(notice).done(),
        };
    },
    refusal: (model, { contract: id, by, notice }) => {
        const contract = model.contracts.get(id);
        if (!contract) return 'no such contract';
        if (by !== contract.buyer && by !== contract.seller) return 'not a side of it';
        if (!isRunning(contract)) return 'not running';
        if (notice < MIN_NOTICE_EPOCHS) return 'too short a notice';
        return epochsAfter(contract, notice, model.now) < contract.epochs ? null : 'it ends before';
    },
    apply: (model, { contract: id, notice }) => {
        const contract = model.contracts.get(id)!;
        contract.epochs = epochsAfter(contract, notice, model.now);
    },
});
