import { useLayoutEffect, useState, type RefObject } from 'react';

/** Before it is measured, and where nothing can be measured, px. */
const USUAL_WIDTH = 800;

/** The width of the element that is marked as the track, px, kept current. @internal */
export function useTrackWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(USUAL_WIDTH);
  useLayoutEffect(() => {
    const track = frame.current?.querySelector('[data-track]');
    if (!track || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    const measure = () =>
      setWidth(track.getBoundingClientRect().width || USUAL_WIDTH);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(track);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
