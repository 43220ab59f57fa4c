import { SearchField } from '@backstage/ui';
import { useNavigate } from 'react-router-dom';

/** Leads to the search page with what was typed. */
export function HomeSearch() {
  const navigate = useNavigate();
  return (
    <SearchField
      aria-label="Search the portal"
      placeholder="Search the portal"
      onSubmit={query =>
        navigate(`/search?query=${encodeURIComponent(query.trim())}`)
      }
    />
  );
}
