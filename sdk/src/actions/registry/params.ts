import type { Params } from '../../accounts/config.js';
import { argumentError } from '../../errors/sdk-error.js';

const EPOCH_LENGTH_PLACES = 4;

/** Parameters as the programs take them: unused places of epoch lengths are 0. */
export function encodeParams(params: Params): Omit<Params, 'epochLengthsSecs'> & { epochLengthsSecs: number[] } {
    const { epochLengthsSecs: lengths } = params;
    if (lengths.length < 1 || lengths.length > EPOCH_LENGTH_PLACES) {
        throw argumentError('params.epochLengthsSecs', 'one to four lengths');
    }
    const unused = new Array<number>(EPOCH_LENGTH_PLACES - lengths.length).fill(0);
    return { ...params, epochLengthsSecs: [...lengths, ...unused] };
}
