import { createHash, timingSafeEqual } from 'node:crypto';
import { failure } from '@ocm/runtime';

/**
 * Checks for `Authorization: Bearer SECRET`. Digests are compared, so that neither content nor length of the secret shows
 * in the time taken.
 * @throws MKT_PROVIDER__SECRET_NOT_SET, MKT_PROVIDER__SECRET_WRONG
 */
export function requireSecret(secret: string | undefined, authorization: string | undefined): void {
    if (secret === undefined)
        throw failure(
            'MKT_PROVIDER__SECRET_NOT_SET',
            'this path needs the bearer secret of the content provider, and none is set; set providerSecret',
        );
    const given = /^Bearer (.{1,512})$/i.exec(authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), digest(secret))) return;
    throw failure('MKT_PROVIDER__SECRET_WRONG', 'this path needs the bearer secret of the content provider');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
