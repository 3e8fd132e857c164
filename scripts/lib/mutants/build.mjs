// Builds mutants in a copy of the sources, with a target folder that is kept: the second build is quick.
import { spawnSync } from 'node:child_process';
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../bootstrap.mjs';
import { choose, combine, edit, locate } from './combine.mjs';
import { hashOf, PROGRAMS } from './patches.mjs';

const COPIED = ['programs', 'scripts/idl-generator', 'Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml'];
export const work = process.env.OCM_MUTANTS_DIR ?? join(tmpdir(), 'ocm-mutants');
const tree = join(work, 'tree');
const programsFolder = join(root, 'sdk', 'programs');

function listSources() {
    return COPIED.flatMap((name) =>
        name.includes('.')
            ? [name]
            : readdirSync(join(root, name), { recursive: true })
                  .filter((file) => /\.(rs|toml)$/.test(file) && !file.startsWith('target'))
                  .map((file) => `${name}/${file}`),
    ).sort();
}

const readSource = (file) => readFileSync(join(root, file), 'utf8');
const keyOfSources = () => hashOf(listSources().map(readSource));

/** The copy as the sources stand but for `changed`; files untouched where nothing changes, for cargo builds by their times. */
function writeTree(changed) {
    for (const file of listSources()) {
        const target = join(tree, file);
        const text = changed.get(file) ?? readSource(file);
        if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
    }
}

/** PATH with the toolchain that builds the committed programs. */
function toolchainPath() {
    const { status, stdout, stderr } = spawnSync(join(root, 'scripts', 'sbf-toolchain.sh'), { encoding: 'utf8' });
    if (status !== 0) throw new Error((stderr ?? '').trim());
    return `${stdout.trim()}:${process.env.PATH}`;
}

/** @returns {string | null} what the compiler said, if it failed */
function cargo(program, target) {
    const manifest = join(tree, 'programs', program, 'Cargo.toml');
    const out = join(work, 'deploy');
    const arch = process.env.SBPF_ARCH ?? 'v3';
    const args = ['build-sbf', '--arch', arch, '--manifest-path', manifest, '--sbf-out-dir', out];
    // Optimising across crates takes longer than the rest and changes no rule.
    const env = {
        ...process.env,
        PATH: toolchainPath(),
        CARGO_TARGET_DIR: join(work, 'target'),
        CARGO_PROFILE_RELEASE_LTO: 'off',
    };
    const settings = { cwd: tree, env, encoding: 'utf8', maxBuffer: 1 << 28 };
    const { status, stderr } = spawnSync('cargo', args, settings);
    if (status !== 0) return (stderr ?? '').trim().split('\n').slice(-40).join('\n');
    copyFileSync(join(out, `${program}.so`), target);
    return null;
}

/** A folder of programs in which one is replaced; the others are as they are. */
function fillFolder(folder, program, bytes) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(programsFolder)) {
        if (file !== `${program}.so`) symlinkSync(join(programsFolder, file), join(folder, file));
    }
    writeFileSync(join(folder, `${program}.so`), bytes);
}

/** All mutants in one build of each program, made when it is first asked for. */
export class Combined {
    /** @param {import('./patches.mjs').Mutant[]} mutants */
    constructor(mutants) {
        Object.assign(this, combine(mutants, readSource));
        this.folder = join(work, 'combined');
        this.mutants = mutants;
        this.sources = keyOfSources();
    }

    /** Of a program, its own mutants alone are ever chosen. */
    key(program) {
        const own = this.mutants.filter((mutant) => mutant.program === program);
        return hashOf([
            this.sources,
            ...own.flatMap(({ name, hunks }) => [name, JSON.stringify(hunks), String(this.numbers.get(name))]),
        ]);
    }

    path(program) {
        return join(this.folder, `${program}.so`);
    }

    isBuilt(program) {
        const key = `${this.path(program)}.key`;
        return existsSync(key) && readFileSync(key, 'utf8') === this.key(program);
    }

    has(name, program) {
        return this.numbers.has(name) && this.isBuilt(program);
    }

    /** @returns {string | null} why it could not be built */
    build(program) {
        if (this.isBuilt(program)) return null;
        mkdirSync(this.folder, { recursive: true });
        writeTree(this.files);
        const failure = cargo(program, this.path(program));
        if (failure === null) writeFileSync(`${this.path(program)}.key`, this.key(program));
        return failure;
    }
}

/** @returns {string | null} why it could not be built; `folder` then holds the programs with the mutant */
export function buildMutant(mutant, folder, combined) {
    const marker = join(folder, 'built-of');
    const key = hashOf([JSON.stringify(mutant.hunks), combined.sources, combined.key(mutant.program)]);
    if (existsSync(marker) && readFileSync(marker, 'utf8') === key) return null;
    if (combined.has(mutant.name, mutant.program)) {
        const number = combined.numbers.get(mutant.name);
        fillFolder(folder, mutant.program, choose(readFileSync(combined.path(mutant.program)), number));
    } else {
        const changed = new Map();
        for (const hunk of mutant.hunks) {
            const source = changed.get(hunk.file) ?? readSource(hunk.file);
            changed.set(hunk.file, edit(source, [locate(source, hunk)]));
        }
        writeTree(changed);
        const alone = join(work, 'alone.so');
        const failure = cargo(mutant.program, alone);
        if (failure !== null) return `it does not build:\n${failure}`;
        fillFolder(folder, mutant.program, readFileSync(alone));
    }
    writeFileSync(marker, key);
    return null;
}

/** The combined programs as they are while no mutant is chosen. */
export function fillControl(folder, combined) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(programsFolder)) {
        const program = PROGRAMS.find((name) => file === `${name}.so` && combined.isBuilt(name));
        symlinkSync(program ? combined.path(program) : join(programsFolder, file), join(folder, file));
    }
}
