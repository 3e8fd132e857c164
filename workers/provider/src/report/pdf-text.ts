/** Control and format characters: among them those that turn the direction of what follows. Line breaks are kept. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;
const SPACES = /[\t\r\p{Zs}]/gu;
/** Letters of scripts that run from right to left: Hebrew, Arabic, Syriac, Thaana, NKo and after, and their presentation forms. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

type Glyphs = { hasGlyphForCodePoint(codePoint: number): boolean };
type Doc = PDFKit.PDFDocument;

/**
 * Text of others as lines that a page of this font can show: what has no glyph, or is not seen and changes how the rest
 * reads, is named by its number; words from right to left stand in their order. The font must be chosen before.
 */
export function toPrintable(doc: Doc, text: string, width: number): string {
    const shown = nameUnseen(doc, text);
    return RIGHT_TO_LEFT.test(shown) ? breakLines(doc, shown, width).map(orderWords).join('\n') : shown;
}

function nameUnseen(doc: Doc, text: string): string {
    const { font } = (doc as unknown as { _font: { font: Glyphs } })._font;
    return [...text.normalize('NFC').replaceAll(SPACES, ' ')]
        .map((letter) => {
            const codePoint = letter.codePointAt(0) ?? 0;
            if (letter === '\n' || (!UNSEEN.test(letter) && font.hasGlyphForCodePoint(codePoint))) return letter;
            return `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
        })
        .join('');
}

/** Lines must be known before words change places in them. A word that is wider than a line is left to the library. */
function breakLines(doc: Doc, text: string, width: number): string[] {
    return text.split('\n').flatMap((paragraph) => {
        const lines: string[] = [];
        let line = '';
        for (const word of paragraph.split(' ')) {
            const longer = line === '' ? word : `${line} ${word}`;
            if (line !== '' && doc.widthOfString(longer) >= width) {
                lines.push(line);
                line = word;
            } else {
                line = longer;
            }
        }
        return [...lines, line];
    });
}

/**
 * The library sets each word, with the space after it, in its own direction and puts words from left to right: one space more
 * keeps what follows apart.
 */
function orderWords(line: string): string {
    const ordered: string[] = [];
    let run: string[] = [];
    for (const word of line.split(' ')) {
        if (RIGHT_TO_LEFT.test(word)) {
            run.unshift(word);
            continue;
        }
        ordered.push(...run, ...(run.length > 0 ? [''] : []), word);
        run = [];
    }
    return [...ordered, ...run].join(' ');
}
