import { errorCodeOf, errorMessageOf, failure, loadConfig, readKeypair, type ServiceContext } from '@ocm/runtime';
import { PublicKey } from '@solana/web3.js';
import { createProviderChain } from '../adapters/chain.js';
import { createRotationChain } from '../adapters/rotation-chain.js';
import { DEFAULT_LEAD_EPOCHS, providerConfig } from '../config.js';
import { rotateIssuer } from '../tokens/rotate-issuer.js';
import { openGateway, openIssuerKeys } from './open.js';
import { readNumberOption, readOption } from './options.js';

/**
 * `rotate`: names a new issuer for every configured contract, or for one; prints one line of JSON each. Safe to repeat.
 * The worker may run meanwhile: it reads the new key from the folder.
 */
export async function rotate(context: ServiceContext, argv: readonly string[]): Promise<void> {
    const config = loadConfig(providerConfig, { argv, env: process.env });
    const ownerPath = readOption(argv, '--owner') ?? config.rotation?.ownerKeypairPath ?? config.ownerKeypairPath;
    if (ownerPath === undefined)
        throw failure(
            'MKT_PROVIDER__OWNER_MISSING',
            "issuers are named by the content provider's owner; give its keypair with --owner FILE",
        );
    const owner = readKeypair(ownerPath);
    const leadEpochs = readNumberOption(argv, '--lead-epochs', { min: 1, max: 10_000 }) ?? config.rotation?.leadEpochs;
    const only = readOption(argv, '--contract');
    const contracts = config.contracts.filter((contract) => only === undefined || contract === only);
    if (contracts.length === 0)
        throw failure('MKT_PROVIDER__CONTRACT_UNKNOWN', `contract ${only} is not among the configured contracts`);
    const keys = openIssuerKeys(config);
    const gateway = openGateway(config, context);
    const chain = createRotationChain({ gateway, chain: createProviderChain({ gateway, signer: owner }), owner });
    let failed: unknown;
    for (const contract of contracts) {
        const input = { contract: new PublicKey(contract), leadEpochs: leadEpochs ?? DEFAULT_LEAD_EPOCHS };
        try {
            print(await rotateIssuer({ chain, keys, log: context.log }, input, context.signal));
        } catch (error) {
            failed ??= error;
            print({ outcome: 'failed', contract, code: errorCodeOf(error), message: errorMessageOf(error) });
        }
    }
    if (failed !== undefined) throw failed;
}

function print(line: object): void {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}
