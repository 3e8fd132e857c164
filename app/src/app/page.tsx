import { Explore } from '../features/network/components/explore';

export default function ExplorePage() {
    return <Explore />;
}
