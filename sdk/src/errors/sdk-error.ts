import { type ErrorContext, MarketplaceError } from '../core/error.js';

/** What can go wrong in this layer, with the remedy. */
const SDK_ERROR_MESSAGES = {
    MKT_SDK__ARGUMENT_INVALID: 'An argument does not fit; give what `expected` says',
    MKT_SDK__ACCOUNT_MISSING: 'No account stands at the address; check the address and the cluster',
    MKT_SDK__ACCOUNT_OWNER: 'Another program owns the account; check the address and the program ids of the cluster',
    MKT_SDK__ACCOUNT_TRUNCATED:
        'The account data is shorter than its layout; it is not such an account, or was cut on its way',
    MKT_SDK__ACCOUNT_DISCRIMINATOR: 'The account is of another kind; check the address',
    MKT_SDK__ACCOUNT_VERSION: 'The account has a layout that this version of @ocm/sdk does not know; update @ocm/sdk',
    MKT_SDK__ACCOUNT_DATA_INVALID:
        'The account data has a value that its layout does not allow; it is damaged or forged',
    MKT_SDK__EVENT_INVALID: 'An event does not have its fields; update @ocm/sdk to the version of the programs',
} as const;

/** The codes that this layer throws. */
export type SdkErrorCode = keyof typeof SDK_ERROR_MESSAGES;

/** A `MarketplaceError` of this layer with its message. */
export function sdkError(
    code: SdkErrorCode,
    context: ErrorContext,
    options: { cause?: unknown } = {},
): MarketplaceError {
    return new MarketplaceError(code, context, { ...options, message: SDK_ERROR_MESSAGES[code] });
}

/** The refusal of one argument. */
export function argumentError(argument: string, expected: string): MarketplaceError {
    return sdkError('MKT_SDK__ARGUMENT_INVALID', { argument, expected });
}
