import { AlertIcon } from '../../../ui/icons';
import type { Problem } from '../snapshot';

/** What could not be read, what still holds, what to do. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
    if (problems.length === 0) return null;
    return (
        <div role="status" className="mb-6 rounded-lg border border-warn/40 bg-warn-soft px-4 py-3 text-sm">
            <ul className="space-y-2">
                {problems.map((problem) => (
                    <li key={`${problem.source}: ${problem.message}`} className="flex gap-2">
                        <span className="mt-0.5 text-warn">
                            <AlertIcon />
                        </span>
                        <span className="min-w-0 break-words">
                            <strong className="font-semibold">{problem.source}:</strong> {problem.message}{' '}
                            <span className="text-muted">{problem.remedy}</span>
                        </span>
                    </li>
                ))}
            </ul>
        </div>
    );
}
