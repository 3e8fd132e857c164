import Link from 'next/link';

export default function NotFound() {
    return (
        <div className="py-16 text-center">
            <h1 className="font-semibold text-xl">Nothing stands at this address</h1>
            <p className="mt-2 text-muted">It may have been mistyped, or be of another cluster.</p>
            <p className="mt-4">
                <Link href="/" className="text-accent underline underline-offset-2">
                    Explore the market
                </Link>
            </p>
        </div>
    );
}
