/**
 * The tab index of a box that scrolls: it is not a control, but whoever has no pointer must be
 * able to get there.
 */
export const READING_TAB_STOP = 0;
