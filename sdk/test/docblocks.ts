// Reads docblocks out of the sources of the SDK, for tests that require them.
import { readdirSync } from 'node:fs';
import ts from 'typescript';

export interface Export {
    readonly path: string;
    readonly name: string;
    /** Its docblock without stars; empty when there is none. */
    readonly docs: string;
}

/** TypeScript sources of a folder and those below it, without tests. */
export function listFiles(folder: URL): URL[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        if (entry.isDirectory()) return listFiles(new URL(`${entry.name}/`, folder));
        return /(?<!\.test)\.ts$/.test(entry.name) ? [new URL(entry.name, folder)] : [];
    });
}

/** What a source exports by declaration, with the docblock right before it. */
export function listExports(path: string, text: string): Export[] {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    return source.statements.flatMap((statement) => {
        const isExported =
            ts.canHaveModifiers(statement) &&
            ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
        if (!isExported) return [];
        const block = ts.getLeadingCommentRanges(text, statement.getFullStart())?.at(-1);
        const raw = block ? text.slice(block.pos, block.end) : '';
        const docs = raw.startsWith('/**')
            ? raw
                  .slice(3, -2)
                  .replace(/^\s*\* ?/gm, '')
                  .trim()
            : '';
        const declared = ts.isVariableStatement(statement)
            ? statement.declarationList.declarations.map(({ name }) => name.getText())
            : [(statement as ts.FunctionDeclaration | ts.InterfaceDeclaration).name?.text ?? ''];
        return declared.map((name) => ({ path, name, docs }));
    });
}

/** The text of one tag of a docblock, up to the next; null when it has none. */
export const readTag = (docs: string, tag: string) =>
    new RegExp(`^@${tag}\\b([\\s\\S]*?)(?=^@|(?![\\s\\S]))`, 'm').exec(docs)?.[1]?.trim() ?? null;
