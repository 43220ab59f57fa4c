import { useEffect, useRef, type RefObject } from 'react';

/** A pointer that moves less than this has clicked, px. */
const DRAG_FROM = 4;
/** A wheel has come to rest after this long, ms. */
const WHEEL_REST_MS = 120;
/** A wheel zooms by one step at most in this time, ms: one turn of it is dozens of events. */
const ZOOM_STEP_MS = 250;

/**
 * Moves the track of a timeline under the pointer, zooms it with Ctrl and the wheel, and passes
 * keys on that are pressed in it.
 *
 * @remarks
 * While it is dragged, and while a wheel turns, only a style of the frame changes; `onPan` is
 * called once, at the end, because it writes the address and browsers limit how often. The
 * listeners are the element's own, because those of React cannot forbid what a wheel does else.
 *
 * @internal
 */
export function useTimelineInput(options: {
  frame: RefObject<HTMLElement | null>;
  /** Where the track begins, px. */
  shift: number;
  pxPerMs: number;
  onPan(byMs: number): void;
  onZoom(direction: 'in' | 'out'): void;
  onKey(event: KeyboardEvent): void;
}): void {
  const latest = useRef(options);
  latest.current = options;
  const { frame } = options;
  useEffect(() => {
    const element = frame.current;
    if (!element) {
      return undefined;
    }
    let startX: number | undefined;
    let movedBy = 0;
    let wheeledBy = 0;
    let wheelTimer: ReturnType<typeof setTimeout> | undefined;
    let zoomedAt = -Infinity;

    const drawAt = (byPx: number) =>
      element.style.setProperty('--shift', `${latest.current.shift + byPx}px`);
    const endWheel = () => {
      clearTimeout(wheelTimer);
      const by = wheeledBy;
      wheeledBy = 0;
      if (by !== 0) {
        latest.current.onPan(by / latest.current.pxPerMs);
      }
    };

    const onPointerDown = (event: PointerEvent) => {
      // A drag that ended outside was followed by no click.
      delete element.dataset.dragged;
      const isOnTrack =
        event.target instanceof Element &&
        event.target.closest('[data-track]') !== null;
      if (isOnTrack && event.button === 0) {
        endWheel();
        startX = event.clientX;
        movedBy = 0;
      }
    };
    const onPointerMove = (event: PointerEvent) => {
      if (startX === undefined) {
        return;
      }
      movedBy = event.clientX - startX;
      if (Math.abs(movedBy) >= DRAG_FROM) {
        element.dataset.dragged = '';
        drawAt(movedBy);
      }
    };
    const onPointerUp = () => {
      const isDragged = startX !== undefined && Math.abs(movedBy) >= DRAG_FROM;
      startX = undefined;
      if (isDragged) {
        latest.current.onPan(-movedBy / latest.current.pxPerMs);
      }
    };
    // The browser has taken the pointer, for scrolling for instance.
    const onPointerCancel = () => {
      startX = undefined;
      if ('dragged' in element.dataset) {
        delete element.dataset.dragged;
        drawAt(0);
      }
    };
    // The click that ends a drag opens nothing.
    const onClick = (event: MouseEvent) => {
      if ('dragged' in element.dataset) {
        delete element.dataset.dragged;
        event.preventDefault();
        event.stopPropagation();
      }
    };
    const onDragStart = (event: Event) => event.preventDefault();
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) {
        event.preventDefault();
        const now = performance.now();
        if (now >= zoomedAt + ZOOM_STEP_MS) {
          zoomedAt = now;
          latest.current.onZoom(event.deltaY < 0 ? 'in' : 'out');
        }
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        wheeledBy += event.deltaX;
        drawAt(-wheeledBy);
        clearTimeout(wheelTimer);
        wheelTimer = setTimeout(endWheel, WHEEL_REST_MS);
      }
    };
    element.addEventListener('pointerdown', onPointerDown);
    window.addEventListener('pointermove', onPointerMove);
    window.addEventListener('pointerup', onPointerUp);
    window.addEventListener('pointercancel', onPointerCancel);
    element.addEventListener('click', onClick, true);
    const onKeyDown = (event: KeyboardEvent) => latest.current.onKey(event);
    element.addEventListener('keydown', onKeyDown);
    element.addEventListener('dragstart', onDragStart);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      clearTimeout(wheelTimer);
      element.removeEventListener('pointerdown', onPointerDown);
      window.removeEventListener('pointermove', onPointerMove);
      window.removeEventListener('pointerup', onPointerUp);
      window.removeEventListener('pointercancel', onPointerCancel);
      element.removeEventListener('click', onClick, true);
      element.removeEventListener('keydown', onKeyDown);
      element.removeEventListener('dragstart', onDragStart);
      element.removeEventListener('wheel', onWheel);
    };
  }, [frame]);
}
