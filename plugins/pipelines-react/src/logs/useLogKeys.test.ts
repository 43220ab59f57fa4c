import { fireEvent, renderHook } from '@testing-library/react';
import { useLogKeys, type LogKeyActions } from './useLogKeys';

function aViewer(singleKeys: boolean) {
  const viewer = document.createElement('section');
  const actions = {
    find: jest.fn(),
    toggleWrap: jest.fn(),
    leaveFullScreen: jest.fn(),
  };
  renderHook(() =>
    useLogKeys(
      { current: viewer },
      singleKeys,
      actions as Partial<LogKeyActions> as LogKeyActions,
    ),
  );
  return { viewer, actions };
}

it('does nothing for keys that are pressed alone when they are off', () => {
  const { viewer, actions } = aViewer(false);
  fireEvent.keyDown(viewer, { key: 'w' });
  fireEvent.keyDown(viewer, { key: '/' });
  expect(actions.toggleWrap).not.toHaveBeenCalled();
  expect(actions.find).not.toHaveBeenCalled();
  fireEvent.keyDown(viewer, { key: 'f', ctrlKey: true });
  fireEvent.keyDown(viewer, { key: 'Escape' });
  expect(actions.find).toHaveBeenCalledTimes(1);
  expect(actions.leaveFullScreen).toHaveBeenCalledTimes(1);
});

it('takes a key that is held down as pressed once', () => {
  const { viewer, actions } = aViewer(true);
  fireEvent.keyDown(viewer, { key: 'w' });
  fireEvent.keyDown(viewer, { key: 'w', repeat: true });
  expect(actions.toggleWrap).toHaveBeenCalledTimes(1);
});
