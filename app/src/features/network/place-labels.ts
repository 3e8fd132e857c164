import type { ViewBox } from './group-markers';

export interface LabelRequest {
    readonly x: number;
    readonly y: number;
    /** Estimated width of the text at the drawing's scale. */
    readonly width: number;
    readonly height: number;
}

export interface LabelPlace {
    /** Left edge and middle of the label's box. */
    readonly x: number;
    readonly y: number;
}

interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
}

const overlaps = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const covered = (box: Box, others: readonly Box[]) => others.filter((other) => overlaps(box, other)).length;

/** Greedy placement around each mark: the first place that covers nothing and stays in view, else the least bad one. */
export function placeLabels(requests: readonly LabelRequest[], view: ViewBox, gap: number): LabelPlace[] {
    const marks = requests.map(({ x, y }): Box => ({ left: x - gap, right: x + gap, top: y - gap, bottom: y + gap }));
    const placed: Box[] = [];
    return requests.map(({ x, y, width, height }, index) => {
        const others = [...marks.filter((_, mark) => mark !== index), ...placed];
        const sides = [x + gap, x - gap - width];
        const lifts = [0, -height, height, -2 * height, 2 * height];
        const candidates = [
            ...lifts.flatMap((lift) => sides.map((left) => ({ left, middle: y + lift }))),
            ...[-1, 1].map((side) => ({ left: x - width / 2, middle: y + side * (gap + height / 2) })),
        ].map(({ left, middle }) => {
            const box: Box = { left, right: left + width, top: middle - height / 2, bottom: middle + height / 2 };
            const outside =
                box.left < view.x ||
                box.right > view.x + view.width ||
                box.top < view.y ||
                box.bottom > view.y + view.height;
            return { box, middle, badness: covered(box, others) + (outside ? 2 : 0) };
        });
        const best = candidates.reduce((least, candidate) => (candidate.badness < least.badness ? candidate : least));
        placed.push(best.box);
        return { x: best.box.left, y: best.middle };
    });
}
