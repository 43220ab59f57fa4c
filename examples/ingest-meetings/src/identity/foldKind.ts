import { cutText } from '../normalize/readParts.ts';

const MAX_KEY_LENGTH = 200;

/** The parts of a meeting that tell it from others of its workgroup on its day, in the form in which they are compared. */
export function foldKind(meeting: { type?: string; townHallNumber?: string }): {
  type_key?: string;
  town_hall_number?: string;
} {
  return {
    type_key: fold(meeting.type),
    town_hall_number: fold(meeting.townHallNumber?.replace(/^#\s*/, '')),
  };
}

function fold(text: string | undefined): string | undefined {
  const folded = text?.replace(/\s+/g, ' ').trim().toLowerCase();
  return folded ? cutText(folded, MAX_KEY_LENGTH) : undefined;
}
