/**
 * The tab index of a box that scrolls, or of text that has more to say on focus: it is not a
 * control, but whoever has no pointer must be able to get there.
 *
 * @internal
 */
export const READING_TAB_STOP = 0;
