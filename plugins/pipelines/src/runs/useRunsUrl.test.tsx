import { PropsWithChildren } from 'react';
import { act, renderHook } from '@testing-library/react';
import { MemoryRouter, useLocation, useNavigate } from 'react-router-dom';
import { useRunsUrl } from './useRunsUrl';

function setUp() {
  const { result } = renderHook(
    () => ({
      runs: useRunsUrl(),
      navigate: useNavigate(),
      search: useLocation().search,
    }),
    {
      wrapper: ({ children }: PropsWithChildren<{}>) => (
        <MemoryRouter initialEntries={['/?state=failed']}>
          {children}
        </MemoryRouter>
      ),
    },
  );
  return result;
}

describe('useRunsUrl', () => {
  it('goes back over a choice, and past what was typed', () => {
    const result = setUp();
    act(() => result.current.runs.change({ label: { team: 'data' } }));
    act(() => result.current.runs.change({ q: '5' }, { replace: true }));
    act(() => result.current.runs.change({ q: '502' }, { replace: true }));
    expect(result.current.search).toBe('?state=failed&label.team=data&q=502');

    act(() => result.current.navigate(-1));
    expect(result.current.search).toBe('?state=failed');
  });
});
