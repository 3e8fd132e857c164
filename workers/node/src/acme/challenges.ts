/** Path of HTTP-01 (RFC 8555 8.3). */
const CHALLENGE_PREFIX = '/.well-known/acme-challenge/';
/** Tokens are base64url (RFC 8555 8.3); names outside one order at a time. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{1,256}$/;

/** Answers that the authority will ask for over plain HTTP. */
export class Challenges {
    readonly #answers = new Map<string, string>();

    add(token: string, keyAuthorization: string): void {
        if (TOKEN_FORM.test(token)) this.#answers.set(token, keyAuthorization);
    }

    remove(token: string): void {
        this.#answers.delete(token);
    }

    isChallenge(path: string): boolean {
        return path.startsWith(CHALLENGE_PREFIX);
    }

    find(path: string): string | undefined {
        return this.#answers.get(path.slice(CHALLENGE_PREFIX.length));
    }
}
