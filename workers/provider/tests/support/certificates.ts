import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes an organisation's certificate as its office would, with openssl: a root, and a PKCS#12 file that it has issued. */
export async function issueP12(
    folder: string,
    { name = 'org', organisation = 'Example', passphrase = 'secret', key = 'rsa:2048' } = {},
): Promise<string> {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
    const [kind = '', size = ''] = key.split(':');
    const newKey = kind === 'ec' ? ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${size}`] : ['-newkey', key];
    const root = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=Root'];
    openssl(...root, '-keyout', 'root.key', '-out', 'root.pem');
    const subject = `/O=${organisation}/CN=reports`;
    openssl('req', ...newKey, '-nodes', '-utf8', '-subj', subject, '-keyout', 'own.key', '-out', 'own.csr');
    const issue = ['x509', '-req', '-in', 'own.csr', '-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial'];
    openssl(...issue, '-days', '30', '-out', 'own.pem');
    const path = join(folder, `${name}.p12`);
    const out = ['pkcs12', '-export', '-inkey', 'own.key', '-in', 'own.pem', '-certfile', 'root.pem'];
    openssl(...out, '-passout', `pass:${passphrase}`, '-out', path);
    return path;
}

/** A file of the folder. */
export async function put(folder: string, name: string, content: string | Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
}
