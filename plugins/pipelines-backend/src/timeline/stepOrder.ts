/**
 * Every name of the lists once: in the order of the first list, and what only later ones have
 * behind the name that it follows there.
 *
 * @param lists - names of steps in their order, of the newest run first
 */
export function stepOrder(lists: readonly (readonly string[])[]): string[] {
  const order: string[] = [];
  for (const names of lists) {
    let place = 0;
    for (const name of names) {
      const known = order.indexOf(name);
      if (known < 0) {
        order.splice(place, 0, name);
        place += 1;
      } else {
        place = known + 1;
      }
    }
  }
  return order;
}
