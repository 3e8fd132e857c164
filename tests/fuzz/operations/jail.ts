import { JAIL_SECS } from '../model/rules.js';
import { SELLERS } from './common.js';
import { operation } from './types.js';

export const leaveJail = operation<{ party: string }>({
    name: 'leaveJail',
    weight: 1,
    propose: (_model, random) => ({ party: random.pick(SELLERS) }),
    call: ({ party }) => ({
        program: 'registry',
        instruction: 'leaveJail',
        accounts: { owner: `wallet:${party}`, participant: `participant:${party}` },
    }),
    refusal: (model, { party }) => {
        const { jailed, windowBeganAt } = model.participants.get(party)!;
        if (!jailed) return 'not jailed';
        return model.now - windowBeganAt < JAIL_SECS ? 'not served' : null;
    },
    apply: (model, { party }) => {
        model.participants.get(party)!.jailed = false;
    },
});
